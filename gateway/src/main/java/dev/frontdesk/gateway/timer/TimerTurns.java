// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import java.time.Duration;
import java.time.Instant;

/**
 * Timers that are behind take turns with everything else: few at once, and while they are {@link
 * #LATE} a rest after each turn, so that turns have their share of the time. They are behind from a
 * claim that found as many due as it could take until one that found fewer. Pure: the time comes
 * in.
 *
 * <pre>
 *   keeping up ──full claim──▶ behind: turns ──oldest is LATE──▶ behind: turns and rests
 *        ▲                        │    ▲                             │         │
 *        └─────not a full claim───┘    └──────oldest is not LATE─────┘         │
 *        └──────────────────────────not a full claim───────────────────────────┘
 * </pre>
 *
 * <ol>
 *   <li>However long the backlog, turns of late timers take at most {@code share} of the time,
 *       {@link #SLACK} and the bound of a rest apart.
 *   <li>A pause of the node or the store shorter than {@link #LATE} is made up for without a rest.
 *   <li>A rest ends within {@link #LONGEST_REST}, whatever the clock did during the turn.
 * </ol>
 */
final class TimerTurns {

  /**
   * Timers of one turn. A message that arrives during a turn waits for what is left of it: this
   * many keep that to a few milliseconds, while a turn still outweighs the claim that begins it.
   */
  static final int TURN = 16;

  /**
   * Timers this late rest. Twice the lateness that 99 of 100 timers keep under load; a burst that
   * is over sooner needs no protection from.
   */
  static final Duration LATE = Duration.ofMillis(500);

  /** A rest that lasted longer than planned makes the next shorter, by this at most. */
  static final Duration SLACK = Duration.ofMillis(5);

  static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private boolean behind;
  private Instant next = Instant.MIN;

  /** How many may be claimed now, where {@code batch} may be of those that are not behind. */
  int most(int batch) {
    return behind ? Math.min(TURN, batch) : batch;
  }

  /** A claim found {@code found} of {@code asked}; whether timers are behind. */
  boolean claimed(int found, int asked) {
    behind = found >= asked;
    return behind;
  }

  /**
   * How long to rest after a turn.
   *
   * @param oldest when the first of its timers was due
   * @param began when its claim was asked for
   * @param ended when its last timer had taken effect
   * @param share of the time that is for turns, more than 0 and 1 at most
   */
  Duration rest(Instant oldest, Instant began, Instant ended, double share) {
    if (Duration.between(oldest, began).compareTo(LATE) < 0) {
      return Duration.ZERO;
    }
    Instant earliest = began.minus(SLACK);
    Instant from = next.isBefore(earliest) ? earliest : next.isAfter(began) ? began : next;
    long took = Math.max(0, Duration.between(began, ended).toNanos());
    next = from.plusNanos(Math.min((long) (took / share), Duration.ofDays(1).toNanos()));
    Duration rest = Duration.between(ended, next);
    if (rest.isNegative()) {
      return Duration.ZERO;
    }
    return rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
  }
}
