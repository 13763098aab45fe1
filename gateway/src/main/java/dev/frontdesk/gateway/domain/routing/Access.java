// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Steps;
import java.time.Duration;
import java.util.Map;

/**
 * Whom a conversation is kept for while it waits, and for how long; all of it is counted from when
 * it entered its queue, so that a wait needs no row and no timer. Immutable.
 *
 * @param queues steps of queues by name; those of triage go before them
 * @param lastAgent how long only the one who answered last gets it, while there
 * @param preferredAgent how long only the one whom triage names gets it, while there
 * @param languageFirst whether speaking the language comes before levels of skills
 * @param languageWait how long only those who speak the language get it, while one is there
 */
public record Access(
    Map<String, Steps> queues,
    Duration lastAgent,
    Duration preferredAgent,
    boolean languageFirst,
    Duration languageWait) {

  /** Everybody whom a bucket admits may have everything at once. */
  public static final Access OPEN =
      new Access(Map.of(), Duration.ZERO, Duration.ZERO, false, Duration.ZERO);

  public Access {
    queues = Map.copyOf(queues);
  }

  /** The same where all there is waits in one queue, as it does in {@code from}. */
  public Access inOneQueue(String from, String queue) {
    return new Access(
        Map.of(queue, queues.getOrDefault(from, Steps.NONE)),
        lastAgent,
        preferredAgent,
        languageFirst,
        languageWait);
  }

  /** What is asked for a while of those who serve this bucket. */
  Steps steps(Bucket bucket) {
    Steps own = bucket.steps();
    return own.isEmpty() ? queues.getOrDefault(bucket.queue(), Steps.NONE) : own;
  }

  /** How long its preferred agent alone gets a conversation. */
  Duration kept(Waiting waiting) {
    return waiting.chosen() ? preferredAgent : lastAgent;
  }

  /** Whether nothing depends on how long a conversation of this bucket waited. */
  boolean isOpen(Bucket bucket) {
    return languageWait.isZero() && steps(bucket).isEmpty();
  }

  /** Whether nothing at all depends on who else is there. */
  public boolean isOpen() {
    return queues.isEmpty()
        && lastAgent.isZero()
        && preferredAgent.isZero()
        && languageWait.isZero();
  }
}
