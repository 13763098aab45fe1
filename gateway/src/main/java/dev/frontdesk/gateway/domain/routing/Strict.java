// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Priority, then the shortest target, then arrival. What is never first starves: meant for those
 * who want exactly that.
 */
public final class Strict implements RoutingPolicy {

  /** Milliseconds that no arrival reaches before the year 2286. */
  private static final double PRIORITY_STEP = 1e13;

  private final Comparator<Waiting> order;

  public Strict(PromiseTable promises) {
    this.order =
        Comparator.comparingInt(Waiting::priority)
            .thenComparingLong(promises::targetMillis)
            .thenComparing(Waiting::arrival)
            .thenComparing(w -> w.id().value());
  }

  /** All of one lane have one target, so priority and arrival order it. */
  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return priority * PRIORITY_STEP + arrival.toEpochMilli();
  }

  /** Priority goes before arrival. */
  @Override
  public boolean isByAge() {
    return false;
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    return RoutingPolicy.first(order, candidates, "strict", memory);
  }
}
