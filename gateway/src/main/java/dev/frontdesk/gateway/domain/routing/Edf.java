// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Instant;
import java.util.List;

/** Earliest deadline first, those already late before all others; everybody is late in a peak. */
public final class Edf implements RoutingPolicy {

  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return RoutingPolicy.scoreOf(due, priority);
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    return RoutingPolicy.first(BY_DEADLINE, candidates, "edf", memory);
  }
}
