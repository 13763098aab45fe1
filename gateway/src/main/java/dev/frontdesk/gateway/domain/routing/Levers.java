// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;

/**
 * What an operator may set of a policy.
 *
 * @param lateShare 0…1 of decisions for those already late while others are on time
 * @param hardBound age past which the oldest is picked next; {@link #NO_BOUND} for none
 */
public record Levers(double lateShare, Duration hardBound, PromiseTable promises) {

  /** An age that nothing reaches. */
  public static final Duration NO_BOUND = Duration.ofDays(100_000);

  /** A tenth for the late, no bound of age, all promises alike. */
  public static final Levers PLAIN = new Levers(0.1, NO_BOUND, PromiseTable.EMPTY);
}
