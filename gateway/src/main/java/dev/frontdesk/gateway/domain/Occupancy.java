// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.HashSet;
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
 */
public record Occupancy(
    Map<String, Overflow> overflows, @Nullable Duration inactiveAfter, int inactiveCost) {

  /** Queues keep everything, and every conversation costs what it costs. */
  public static final Occupancy PLAIN = new Occupancy(Map.of(), null, 0);

  public Occupancy {
    overflows = Map.copyOf(overflows);
  }

  /**
   * Where a queue's conversations go.
   *
   * @param after how long they wait there first, or null: they stay
   */
  public record Overflow(String queue, @Nullable Duration after) {}

  /** The first queue from this one on that is not full; where all are, this one. */
  String open(String queue, Set<String> full) {
    String at = queue;
    Set<String> passed = new HashSet<>();
    while (full.contains(at) && passed.add(at)) {
      Overflow next = overflows.get(at);
      if (next == null) {
        return queue;
      }
      at = next.queue();
    }
    return full.contains(at) ? queue : at;
  }
}
