// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which of the agents that may serve a conversation gets it: the preferred one; then the best match
 * of skills; then one who speaks its language; then the least loaded; then the longest idle.
 */
public final class AgentSelection {

  private AgentSelection() {}

  /** The order among agents whom no conversation tells apart. */
  static final Comparator<AgentSeat> AMONG_ALIKE =
      Comparator.comparingDouble(AgentSeat::relativeLoad)
          .thenComparing(AgentSeat::idleSince)
          .thenComparing(seat -> seat.id().value());

  /** The order of agents for one conversation; no two are equal. */
  static Comparator<AgentSeat> order(Waiting waiting) {
    return Comparator.comparing((AgentSeat seat) -> !seat.id().equals(waiting.preferred()))
        .thenComparing(seat -> -match(waiting, seat.agent()))
        .thenComparing(seat -> !speaks(seat.agent(), waiting.language()))
        .thenComparing(AMONG_ALIKE);
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
