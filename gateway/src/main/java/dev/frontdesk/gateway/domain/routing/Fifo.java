// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** First come, first served, whatever was promised. Kept for comparison and for plain needs. */
public final class Fifo implements RoutingPolicy {

  private static final Comparator<Waiting> BY_ARRIVAL =
      Comparator.comparing(Waiting::arrival)
          .thenComparing(Waiting::priority)
          .thenComparing(w -> w.id().value());

  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return RoutingPolicy.scoreOf(arrival, priority);
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    return RoutingPolicy.first(BY_ARRIVAL, candidates, "fifo", memory);
  }
}
