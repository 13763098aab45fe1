// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When queues overflow, and when a conversation occupies its agent less; made from the
 * configuration.
 *
 * @param overflows by queue; they never lead in a circle
 * @param inactiveAfter how long a conversation waits for the customer before it is inactive, or
 *     null: it never is
 * @param inactiveCost what an inactive conversation costs, if that is less
 * @param staff by queue that others overflow to: the agents who serve it
 */
public record Occupancy(
    Map<String, Overflow> overflows,
    @Nullable Duration inactiveAfter,
    int inactiveCost,
    Map<String, List<Agent>> staff) {

  /** Queues keep everything, and every conversation costs what it costs. */
  public static final Occupancy PLAIN = new Occupancy(Map.of(), null, 0);

  public Occupancy {
    overflows = Map.copyOf(overflows);
    staff = Map.copyOf(staff);
  }

  /** Where nothing is known of who serves which queue. */
  public Occupancy(
      Map<String, Overflow> overflows, @Nullable Duration inactiveAfter, int inactiveCost) {
    this(overflows, inactiveAfter, inactiveCost, Map.of());
  }

  /**
   * Where a queue's conversations go.
   *
   * @param after how long they wait there first, or null: they stay
   */
  public record Overflow(String queue, @Nullable Duration after) {}

  /** Whether somebody who serves that queue has these skills; there or not. */
  boolean mayGo(String queue, Map<String, Integer> skills) {
    List<Agent> agents = staff.get(queue);
    return agents == null || agents.stream().anyMatch(agent -> agent.has(skills));
  }

  /**
   * The first queue from this one on that is not full, and where somebody has these skills; without
   * such a one, this one.
   */
  String open(String queue, Set<String> full, Map<String, Integer> skills) {
    String at = queue;
    Set<String> passed = new HashSet<>();
    while ((full.contains(at) || !(at.equals(queue) || mayGo(at, skills))) && passed.add(at)) {
      Overflow next = overflows.get(at);
      if (next == null) {
        return queue;
      }
      at = next.queue();
    }
    return passed.contains(at) ? queue : at;
  }
}
