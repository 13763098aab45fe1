// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that waits for an agent, as a decision sees it.
 *
 * @param late whether it stands in the late lane
 * @param due when its promise falls due
 * @param arrival since when it waits
 * @param entered since when it waits in this queue
 * @param preferred who is to have it if possible, or null
 * @param chosen whether triage named the preferred agent; else it is the one who answered last
 * @param cost what it takes of an agent's capacity
 * @param declined agents not to offer it to, and until when; not changed by anybody
 */
public record Waiting(
    Conversation.Id id,
    Bucket bucket,
    boolean late,
    Instant due,
    int priority,
    Instant arrival,
    Instant entered,
    Agent.@Nullable Id preferred,
    boolean chosen,
    @Nullable String language,
    int cost,
    Map<Agent.Id, Instant> declined) {

  /** Until when it is not offered to those who are being offered it. */
  static final Instant WHILE_OFFERED = Instant.MAX;

  /** One that always waited in this queue. */
  public Waiting(
      Conversation.Id id,
      Bucket bucket,
      boolean late,
      Instant due,
      int priority,
      Instant arrival,
      Agent.@Nullable Id preferred,
      @Nullable String language,
      int cost,
      Map<Agent.Id, Instant> declined) {
    this(
        id, bucket, late, due, priority, arrival, arrival, preferred, false, language, cost,
        declined);
  }

  /** How long it has waited in this queue; 0 for a clock that is behind the one that wrote it. */
  long waitedMillis(Instant now) {
    return Math.max(0, Duration.between(entered, now).toMillis());
  }

  /** The same with other agents not to offer it to. */
  Waiting declinedBy(Map<Agent.Id, Instant> agents) {
    return new Waiting(
        id, bucket, late, due, priority, arrival, entered, preferred, chosen, language, cost,
        agents);
  }

  /** Whether its promise can no longer be kept; exactly at the deadline it still can. */
  public boolean isLate(Instant now) {
    return late || now.isAfter(due);
  }

  /** Whether half of the time promised to it is over. */
  boolean isHalfOver(Instant now) {
    Duration promised = Duration.between(arrival, due);
    return !now.isBefore(arrival.plus(promised.dividedBy(2)));
  }

  /** Whether this agent declined it and the pause after that is not over. */
  public boolean isDeclinedBy(Agent.Id agent, Instant now) {
    Instant until = declined.get(agent);
    return until != null && now.isBefore(until);
  }

  /** The same, and it is not just being offered to that agent. */
  boolean isTurnedDownBy(Agent.Id agent, Instant now) {
    return isDeclinedBy(agent, now) && !WHILE_OFFERED.equals(declined.get(agent));
  }
}
