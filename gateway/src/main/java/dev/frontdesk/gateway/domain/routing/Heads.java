// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands out among the candidates of one decision.
 *
 * @param oldest the one that came first
 * @param onTime the most pressing of those that can still be kept, or null
 * @param late the one that is late the longest, or null
 * @param slackMillis the least time left to any that can still be kept
 */
record Heads(Waiting oldest, @Nullable Waiting onTime, @Nullable Waiting late, long slackMillis) {

  /** Who came first. */
  static final Comparator<Waiting> BY_AGE =
      Comparator.comparing(Waiting::arrival).thenComparing(RoutingPolicy.BY_DEADLINE);

  /**
   * Looks once at each candidate.
   *
   * @param leadMillis how much earlier a promise of weight e counts as due
   */
  static Heads of(List<Waiting> candidates, PromiseTable promises, double leadMillis, Instant now) {
    Waiting oldest = candidates.get(0);
    Waiting onTime = null;
    Waiting late = null;
    double earliest = 0;
    long slack = Long.MAX_VALUE;
    for (Waiting candidate : candidates) {
      oldest = BY_AGE.compare(candidate, oldest) < 0 ? candidate : oldest;
      if (candidate.isLate(now)) {
        late = late == null || isDueBefore(candidate, late) ? candidate : late;
        continue;
      }
      slack = Math.min(slack, Duration.between(now, candidate.due()).toMillis());
      double pressing = candidate.due().toEpochMilli() - lead(promises, candidate, leadMillis);
      boolean first = onTime == null || pressing < earliest;
      if (first || (pressing == earliest && isDueBefore(candidate, onTime))) {
        onTime = candidate;
        earliest = pressing;
      }
    }
    return new Heads(oldest, onTime, late, slack);
  }

  private static double lead(PromiseTable promises, Waiting waiting, double leadMillis) {
    double weight = promises.weight(waiting);
    return weight == 1 ? 0 : leadMillis * Math.log(weight);
  }

  private static boolean isDueBefore(Waiting one, @Nullable Waiting other) {
    return other == null || RoutingPolicy.BY_DEADLINE.compare(one, other) < 0;
  }
}
