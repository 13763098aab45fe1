// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent who has just signed in and gets one conversation at once, then one more each time {@code
 * every} passes, until that is all it has room for. Pure.
 *
 * @param since when it signed in
 * @param every more than zero
 */
public record Warming(Instant since, Duration every) {

  /** How many conversations it may hold now. */
  private long allowed(Instant now) {
    long passed = Math.max(0, Duration.between(since, now).toMillis());
    return 1 + passed / Math.max(1, every.toMillis());
  }

  /**
   * How many may be added now; {@link AgentSeat#ANY} once it is warm.
   *
   * @param held conversations it holds or is being offered
   * @param capacity in costs; no conversation costs less than 1
   */
  public int more(int held, int capacity, Instant now) {
    long allowed = allowed(now);
    return allowed >= capacity ? AgentSeat.ANY : (int) Math.max(0, allowed - held);
  }

  /** When it may hold one more, or null once it is warm. */
  public @Nullable Instant moreAt(int capacity, Instant now) {
    long allowed = allowed(now);
    return allowed >= capacity ? null : since.plus(every.multipliedBy(allowed));
  }
}
