// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of the agents that may serve a conversation gets it: the preferred one; then the best match
 * of skills; then one who speaks its language; then the least loaded; then the longest idle.
 */
public final class AgentSelection {

  private AgentSelection() {}

  /** The first of the eligible agents in that order; empty when there is none. */
  public static Optional<AgentSeat> select(Waiting waiting, List<AgentSeat> eligible) {
    Comparator<AgentSeat> order =
        Comparator.comparing((AgentSeat seat) -> !seat.id().equals(waiting.preferred()))
            .thenComparing(seat -> -match(waiting, seat.agent()))
            .thenComparing(seat -> !speaks(seat.agent(), waiting.language()))
            .thenComparing(AgentSeat::relativeLoad)
            .thenComparing(AgentSeat::idleSince)
            .thenComparing(seat -> seat.id().value());
    return eligible.stream().min(order);
  }

  /** The sum of the agent's levels in the skills that are required. */
  private static int match(Waiting waiting, Agent agent) {
    int sum = 0;
    for (String skill : waiting.bucket().skills().keySet()) {
      sum += agent.skills().getOrDefault(skill, 0);
    }
    return sum;
  }

  /** Languages match by their first part: {@code zh-CN} is {@code zh}. */
  private static boolean speaks(Agent agent, @Nullable String language) {
    return language == null
        || agent.languages().stream().anyMatch(l -> primary(l).equalsIgnoreCase(primary(language)));
  }

  private static String primary(String language) {
    int dash = language.indexOf('-');
    return dash < 0 ? language : language.substring(0, dash);
  }
}
