// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Offers on their way to the store: their conversations are not decided again, their costs count as
 * taken. A refused one rests a moment, so that a reading that is behind cannot make a loop. Used
 * from one context.
 */
final class Offering {

  /** Offers on their way at once: enough to hide a commit's fsync, few enough to redo. */
  static final int MOST = 256;

  /** How long a conversation rests whose offer was refused: the idle re-read finds it then. */
  private static final Duration REST = Duration.ofMillis(900);

  private final Map<Conversation.Id, Integer> offering = new HashMap<>();
  private final Map<Agent.Id, Integer> costs = new HashMap<>();
  private final Map<Conversation.Id, Instant> resting = new HashMap<>();
  private int underWay;

  private final Map<Agent.Id, Integer> counts = new HashMap<>();

  void begin(RoutingPass.Decision decision) {
    offering.merge(decision.waiting().id(), 1, Integer::sum);
    underWay++;
    counts.merge(decision.seat().id(), 1, Integer::sum);
    costs.merge(decision.seat().id(), decision.waiting().cost(), Integer::sum);
  }

  void end(RoutingPass.Decision decision) {
    offering.computeIfPresent(
        decision.waiting().id(), (id, offers) -> offers == 1 ? null : offers - 1);
    underWay--;
    counts.computeIfPresent(decision.seat().id(), (agent, count) -> count == 1 ? null : count - 1);
    costs.computeIfPresent(
        decision.seat().id(),
        (agent, cost) ->
            cost == decision.waiting().cost() ? null : cost - decision.waiting().cost());
  }

  void rest(RoutingPass.Decision decision, Instant now) {
    resting.put(decision.waiting().id(), now.plus(REST));
  }

  int room() {
    return MOST - underWay;
  }

  int size() {
    return offering.size();
  }

  /** What is on its way to an agent. */
  int cost(Agent.Id agent) {
    return costs.getOrDefault(agent, 0);
  }

  /** How many are on their way to an agent. */
  int count(Agent.Id agent) {
    return counts.getOrDefault(agent, 0);
  }

  /** Conversations not to decide about now. */
  Set<Conversation.Id> untouchable(Instant now) {
    resting.values().removeIf(until -> !now.isBefore(until));
    Set<Conversation.Id> all = new HashSet<>(offering.keySet());
    all.addAll(resting.keySet());
    return all;
  }
}
