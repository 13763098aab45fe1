// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far decisions lie apart: their number, each forgotten exponentially over {@link #MEMORY}. A
 * burst at one instant counts as what it is over five minutes. Immutable.
 *
 * @param last when the last decision was made, or null
 * @param decisions the forgetting count
 */
public record Pace(@Nullable Instant last, double decisions) {

  /** Long beside the handling of a few conversations, short beside the hours of a peak. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  /** Decisions in {@link #MEMORY} that a quiet hour counts as: a minute apart. */
  private static final double FEWEST = 5;

  /** Ten seconds apart, until it is known better. */
  public static final Pace UNKNOWN = new Pace(null, 30);

  /** One more decision. Time never runs backwards here. */
  Pace decided(Instant now) {
    if (last == null) {
      return new Pace(now, decisions);
    }
    double passed = Math.max(0, Duration.between(last, now).toMillis());
    double kept = decisions * Math.exp(-passed / MEMORY.toMillis());
    return new Pace(now.isAfter(last) ? now : last, Math.max(FEWEST, kept + 1));
  }

  /** Mean time between decisions, in milliseconds. */
  double gapMillis() {
    return MEMORY.toMillis() / decisions;
  }
}
