// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Who has waited the largest part of the promised time is next: wait / target. */
public final class Ageing implements RoutingPolicy {

  private final PromiseTable promises;

  public Ageing(PromiseTable promises) {
    this.promises = promises;
  }

  /** All of one lane have one target, so arrival orders it at any time. */
  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return RoutingPolicy.scoreOf(arrival, priority);
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    Comparator<Waiting> order =
        Comparator.comparingDouble((Waiting w) -> -age(w, now)).thenComparing(BY_DEADLINE);
    return RoutingPolicy.first(order, candidates, "ageing", memory);
  }

  private double age(Waiting waiting, Instant now) {
    double waited = Duration.between(waiting.arrival(), now).toMillis();
    return waited / promises.targetMillis(waiting);
  }
}
