// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Conversations opened on two gateways in turns, as fast as they answer. What a round opened and
 * armed is taken out of the store again, so each finds as much as the one before. (Else the table
 * of keys would double on the way, at 4.2 million of them: for the half minute that takes Redis
 * each call of it costs half a microsecond more, and the rate of openings falls to three quarters.)
 */
final class ArmingRounds {

  private static final int ROUNDS = 15;

  /** Both gateways have just started: so long they grow faster with every round. */
  private static final int WARM_UP = 10;

  /** Long enough that one slow fsync is not a round's result. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  /** Share of the arming throughput beside a thousand clocks that must be left (issue 3). */
  private static final double LEAST_ARMING = 0.9;

  private static final int WORKERS = 32;

  private final Context home;
  private final PrintStream out;
  private final Supplier<WebhookRequests.Signed> opening;

  /**
   * Rounds to be run.
   *
   * @param home where the load is counted
   * @param opening the first message of another contact each time
   */
  ArmingRounds(Context home, PrintStream out, Supplier<WebhookRequests.Signed> opening) {
    this.home = home;
    this.out = out;
    this.opening = opening;
  }

  /** Whether enough of the throughput is left beside many. */
  boolean run(ClockSide few, ClockSide many) {
    double[] beside = new double[ROUNDS];
    double[] alone = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      boolean manyFirst = round % 2 == 0;
      double one = armed(manyFirst ? many : few);
      double two = armed(manyFirst ? few : many);
      if (round >= 0) {
        beside[round] = manyFirst ? one : two;
        alone[round] = manyFirst ? two : one;
      }
    }
    double ratio = median(beside) / median(alone);
    double[] ratios = new double[ROUNDS];
    Arrays.setAll(ratios, round -> beside[round] / alone[round]);
    Arrays.sort(ratios);
    out.printf(
        Locale.ROOT,
        "arming: %.0f/s beside %d clocks, %.0f/s beside %d: ratio %.3f, expected at least %.1f;"
            + " of %d rounds %.3f to %.3f%n",
        median(alone),
        few.clocks(),
        median(beside),
        many.clocks(),
        ratio,
        LEAST_ARMING,
        ROUNDS,
        ratios[0],
        ratios[ROUNDS - 1]);
    return ratio >= LEAST_ARMING;
  }

  private double armed(ClockSide side) {
    IntakeLoad.Measured opened = on(() -> side.load().ceiling(WORKERS, ROUND, opening), 60);
    side.forgetOpened();
    return opened.perSecond();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private <T> T on(Supplier<Future<T>> work, long seconds) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), seconds + 30);
  }
}
