// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Turns of random length, with rests that last longer than asked, against the sum of them. */
class TimerTurnsTest {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  @Test
  void claim_decidesWhetherTimersAreLate() {
    TimerTurns turns = new TimerTurns();
    Instant due = START.minus(TimerTurns.LATE);
    assertThat(turns.most(64)).isEqualTo(64);

    assertThat(turns.claimed(true, due.plusMillis(1), START)).isFalse();
    assertThat(turns.claimed(false, due, START)).isFalse();
    assertThat(turns.most(64)).isEqualTo(64);
    assertThat(turns.claimed(true, due, START)).isTrue();
    assertThat(turns.most(64)).isEqualTo(TimerTurns.TURN);
    assertThat(turns.most(3)).isEqualTo(3);
    assertThat(turns.claimed(true, due, START.plusMillis(1))).isTrue();
    assertThat(turns.claimed(true, due.plusMillis(2), START.plusMillis(1))).isFalse();
    assertThat(turns.most(64)).isEqualTo(64);
  }

  @Test
  void turns_haveTheirShareOfTheTime_howeverLongTheyTake() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int walk = 0; walk < 2_000; walk++) {
      double share = 0.05 + 0.95 * random.nextDouble();
      double longestOversleep = 5 * random.nextDouble();
      TimerTurns turns = new TimerTurns();
      Instant now = START;
      Duration busy = Duration.ZERO;
      for (int turn = 0; turn < 200; turn++) {
        Duration took = millis(40 * random.nextDouble());
        busy = busy.plus(took);
        Duration rest = turns.rest(now, now.plus(took), share);
        now = now.plus(took).plus(rest).plus(millis(longestOversleep * random.nextDouble()));
      }
      double elapsed = Duration.between(START, now).toNanos() / 1e6;
      double owed = busy.toNanos() / 1e6 / share;
      assertThat(elapsed)
          .as("seed %d, walk %d: turns of %s at %.3f", seed, walk, busy, share)
          .isGreaterThanOrEqualTo(owed - TimerTurns.SLACK.toMillis() - 1e-3);
      if (share < 0.5) {
        assertThat(elapsed)
            .as("seed %d, walk %d: rests that oversleep give little away", seed, walk)
            .isCloseTo(owed, within(0.05 * owed));
      }
    }
  }

  @Test
  void rest_ofAllTheTime_isNone() {
    TimerTurns turns = new TimerTurns();

    assertThat(turns.rest(START, START.plusMillis(10), 1)).isZero();
    assertThat(turns.rest(START.plusMillis(10), START.plusMillis(30), 1)).isZero();
  }

  @Test
  void rest_thatWasLong_isNoCreditForMoreThanTheSlack() {
    TimerTurns turns = new TimerTurns();
    assertThat(turns.rest(START, START.plusMillis(10), 0.5)).isEqualTo(Duration.ofMillis(5));
    Instant later = START.plusSeconds(60);

    assertThat(turns.rest(later, later.plusMillis(10), 0.5)).isEqualTo(Duration.ofMillis(5));
  }

  /** The clock is Redis's: it may step either way between two looks. */
  @Test
  void rest_whateverTheClockDoes_isBounded() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TimerTurns turns = new TimerTurns();
    for (int turn = 0; turn < 10_000; turn++) {
      Instant began = START.plusMillis(random.nextInt(10_000_000) - 5_000_000L);
      Instant ended = START.plusMillis(random.nextInt(10_000_000) - 5_000_000L);
      assertThat(turns.rest(began, ended, random.nextDouble() + 1e-9))
          .as("seed %d, turn %d", seed, turn)
          .isBetween(Duration.ZERO, TimerTurns.LONGEST_REST);
    }

    Instant calm = START.plusSeconds(100_000);
    assertThat(turns.rest(calm, calm.plusMillis(10), 0.5))
        .as("nothing of that is left")
        .isEqualTo(Duration.ofMillis(5));
  }
}
