// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import java.time.Duration;
import java.time.Instant;

/**
 * Timers that are late take turns with everything else: few at once, and after each turn a rest, so
 * that turns have their share of the time. They are late from a claim that found as many due as it
 * could take, the oldest of them {@link #LATE}, until one that did not. Pure: the time comes in.
 *
 * <ol>
 *   <li>However long the backlog, turns take at most {@code share} of the time, {@link #SLACK} and
 *       the bound of a rest apart.
 *   <li>Who is not late does not rest: a pause of the node or the store shorter than {@link #LATE}
 *       is made up for at full speed.
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
   * Twice the lateness that 99 of 100 timers keep under load: a burst that is over sooner needs no
   * protection from.
   */
  static final Duration LATE = Duration.ofMillis(500);

  /** A rest that lasted longer than planned makes the next shorter, by this at most. */
  static final Duration SLACK = Duration.ofMillis(5);

  static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private static final long MOST_NANOS = Duration.ofDays(1).toNanos();

  private boolean late;
  private Instant next = Instant.MIN;

  /** How many may be claimed now, where {@code room} may be of those that are not late. */
  int most(int room) {
    return late ? Math.min(TURN, room) : room;
  }

  /**
   * What a claim found.
   *
   * @param full as many were due as it could take
   * @param oldest when the first of them was due
   * @return whether a turn begins with them: a rest is to follow
   */
  boolean claimed(boolean full, Instant oldest, Instant now) {
    late = full && Duration.between(oldest, now).compareTo(LATE) >= 0;
    return late;
  }

  /**
   * How long to rest after a turn.
   *
   * @param began when its claim was asked for
   * @param ended when its last timer had taken effect
   * @param share of the time that is for turns, more than 0 and 1 at most
   */
  Duration rest(Instant began, Instant ended, double share) {
    Instant earliest = began.minus(SLACK);
    Instant from = next.isBefore(earliest) ? earliest : next.isAfter(began) ? began : next;
    long took = Math.max(0, Duration.between(began, ended).toNanos());
    next = from.plusNanos(Math.min((long) (took / share), MOST_NANOS));
    Duration rest = Duration.between(ended, next);
    if (rest.isNegative()) {
      return Duration.ZERO;
    }
    return rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
  }
}
