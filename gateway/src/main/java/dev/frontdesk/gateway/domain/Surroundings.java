// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decision about one conversation takes from outside of it, read just before.
 *
 * @param advice of the outside classifier, or null
 * @param ahead conversations that wait in the queue before this one, or null when nobody looked
 * @param estimateSeconds how long they will take, or null when nothing tells
 * @param full queues that were found full
 */
public record Surroundings(
    Triage.@Nullable Advice advice,
    @Nullable Long ahead,
    @Nullable Long estimateSeconds,
    Set<String> full) {
  public Surroundings {
    full = Set.copyOf(full);
  }

  /** No queue was found full. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings(
      Triage.@Nullable Advice advice, @Nullable Long ahead, @Nullable Long estimateSeconds) {
    this(advice, ahead, estimateSeconds, Set.of());
  }

  /** The same, and this queue is full. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings full(String queue) {
    Set<String> more = new HashSet<>(full);
    more.add(queue);
    return new Surroundings(advice, ahead, estimateSeconds, more);
  }

  /** Nothing was asked and nobody looked. */
  public static final Surroundings UNKNOWN = new Surroundings(null, null, null);
}
