// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the agents that may serve a conversation gets it: the preferred one; then the best match
 * of skills, those included that are no longer asked for; then one who speaks its language (or that
 * first); then the least loaded; then the longest idle.
 */
public final class AgentSelection {

  private AgentSelection() {}

  /** The order among agents whom no conversation tells apart. */
  static final Comparator<AgentSeat> AMONG_ALIKE =
      Comparator.comparingDouble(AgentSeat::relativeLoad)
          .thenComparing(AgentSeat::idleSince)
          .thenComparing(seat -> seat.id().value());

  /** The better match of these skills first. */
  static Comparator<Agent> byMatch(Set<String> wanted) {
    return Comparator.comparingInt(agent -> -match(wanted, agent));
  }

  /**
   * The order of agents for one conversation; no two are equal.
   *
   * @param byMatch of its bucket
   */
  static Comparator<AgentSeat> order(
      Waiting waiting, Comparator<Agent> byMatch, boolean languageFirst) {
    Comparator<AgentSeat> preferred =
        Comparator.comparing(seat -> !seat.id().equals(waiting.preferred()));
    return preferred
        .thenComparing(AgentSeat::agent, fit(waiting, byMatch, languageFirst))
        .thenComparing(AMONG_ALIKE);
  }

  /** The part of the order that is the same for all agents who are alike. */
  static Comparator<Agent> fit(Waiting waiting, Comparator<Agent> byMatch, boolean languageFirst) {
    Comparator<Agent> speakers = Comparator.comparing(agent -> !speaks(agent, waiting.language()));
    return languageFirst ? speakers.thenComparing(byMatch) : byMatch.thenComparing(speakers);
  }

  /** The sum of the agent's levels in these skills. */
  private static int match(Set<String> wanted, Agent agent) {
    int sum = 0;
    for (String skill : wanted) {
      sum += agent.skills().getOrDefault(skill, 0);
    }
    return sum;
  }

  /** Languages match by their first part: {@code zh-CN} is {@code zh}. */
  static boolean speaks(Agent agent, @Nullable String language) {
    return language == null
        || agent.languages().stream().anyMatch(l -> primary(l).equalsIgnoreCase(primary(language)));
  }

  private static String primary(String language) {
    int dash = language.indexOf('-');
    return dash < 0 ? language : language.substring(0, dash);
  }
}
