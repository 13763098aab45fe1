// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What became of the calls of one step. Times in microseconds from the plan, so that a stall shows.
 * For one thread.
 */
final class StepFigures {

  /** A call made later than this is late by the generator's fault, ms. */
  static final long LATE_MILLIS = 50;

  /** More late calls than this, and the step says nothing about the gateway. */
  static final double MAX_LATE_SHARE = 0.01;

  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SendPlan plan;
  private final Histogram latency = new Histogram(LONGEST_MICROS, 3);
  private final Histogram lag = new Histogram(LONGEST_MICROS, 3);
  private final Map<Integer, Long> others = new TreeMap<>();

  /** By the second in which a call was planned. */
  private final List<Histogram> seconds = new ArrayList<>();

  private long sent;
  private long answered;
  private long accepted;
  private long unavailable;
  private long tooMany;
  private long unexplained;
  private long noAnswer;
  private long unmade;
  private int shortestWait = Integer.MAX_VALUE;
  private int longestWait;
  private double tookSeconds;

  StepFigures(SendPlan plan) {
    this.plan = plan;
  }

  SendPlan plan() {
    return plan;
  }

  /**
   * A call was made so long after its planned time. If it then waits for a connection, all of them
   * are in use by calls that the gateway has not answered: that is in the latency.
   */
  void sent(long lagNanos) {
    sent++;
    lag.recordValue(micros(lagNanos));
  }

  /** A call was answered, or was not, so long after its planned time. */
  void answered(long plannedNanos, long latencyNanos, Sender.Answer answer) {
    answered++;
    if (answer.isAccepted()) {
      accepted++;
      latency.recordValue(micros(latencyNanos));
      second(plannedNanos).recordValue(micros(latencyNanos));
    } else if (answer.isShed()) {
      unavailable += answer.status() == 503 ? 1 : 0;
      tooMany += answer.status() == 429 ? 1 : 0;
      retryAfter(answer.retryAfter());
    } else if (answer.status() == 0) {
      noAnswer++;
    } else if (answer.status() == Sender.Answer.UNMADE) {
      unmade++;
    } else {
      others.merge(answer.status(), 1L, Long::sum);
    }
  }

  private void retryAfter(int seconds) {
    if (seconds <= 0) {
      unexplained++;
      return;
    }
    shortestWait = Math.min(shortestWait, seconds);
    longestWait = Math.max(longestWait, seconds);
  }

  private Histogram second(long plannedNanos) {
    int at = (int) (plannedNanos / SECOND_NANOS);
    while (seconds.size() <= at) {
      seconds.add(new Histogram(LONGEST_MICROS, 3));
    }
    return seconds.get(at);
  }

  private static long micros(long nanos) {
    return Math.max(1, Math.min(LONGEST_MICROS, nanos / 1_000));
  }

  /** All calls have ended, so long after the beginning. */
  void ended(long nanos) {
    tookSeconds = nanos / 1e9;
  }

  /** Whether every call that was made has ended. */
  boolean isAnswered() {
    return answered == plan.count();
  }

  long accepted() {
    return accepted;
  }

  /** Calls answered 503 or 429. */
  long shed() {
    return unavailable + tooMany;
  }

  /** Of those, without Retry-After. */
  long unexplained() {
    return unexplained;
  }

  /** Calls that got no answer in time. */
  long noAnswer() {
    return noAnswer;
  }

  /** Calls that got no connection of the generator's. */
  long unmade() {
    return unmade;
  }

  /** Answers that are neither 2xx nor 503 nor 429. */
  Map<Integer, Long> others() {
    return others;
  }

  /** Accepted a second, until the last answer. */
  double acceptedPerSecond() {
    return accepted / Math.max(tookSeconds, plan.count() / plan.perSecond());
  }

  /** Of the accepted ones, ms. */
  double millisAt(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e3;
  }

  /** How late the generator was, ms. */
  double lagMillisAt(double percentile) {
    return lag.getValueAtPercentile(percentile) / 1e3;
  }

  /** Calls that were made too late, or could not be made at all. */
  long late() {
    long never = plan.count() - sent;
    return never
        + lag.getTotalCount()
        - lag.getCountBetweenValues(0, TimeUnit.MILLISECONDS.toMicros(LATE_MILLIS));
  }

  /** Whether the step says more about the generator than about the gateway. */
  boolean fellBehind() {
    return late() > MAX_LATE_SHARE * plan.count();
  }

  /** p99 of the accepted calls of each second of the plan, ms; NaN where none was. */
  List<Double> p99BySecond() {
    return seconds.stream()
        .map(
            one ->
                one.getTotalCount() == 0
                    ? Double.NaN
                    : Double.valueOf(one.getValueAtPercentile(99) / 1e3))
        .toList();
  }

  /** The waits that were told, s. */
  String retryAfter() {
    return longestWait == 0 ? "-" : shortestWait + "-" + longestWait;
  }

  /** Names of the columns of {@link #row}. */
  static String header() {
    return String.format(
        Locale.ROOT,
        "%-9s %9s %10s %8s %6s %11s %6s %6s %8s %8s %8s %8s %8s",
        "step",
        "planned/s",
        "accepted/s",
        "503",
        "429",
        "Retry-After",
        "other",
        "none",
        "p50 ms",
        "p99 ms",
        "max ms",
        "lag p99",
        "blocked");
  }

  /** A line of the table; no figure of a step in which the generator fell behind. */
  String row(String name, int blocked) {
    if (fellBehind()) {
      return String.format(
          Locale.ROOT,
          "%-9s %9.0f generator fell behind: %d of %d calls later than %d ms (p99 %.0f ms),"
              + " %d not made; 503 %d, 429 %d, other %s, none %d, blocked %d",
          name,
          plan.perSecond(),
          late(),
          plan.count(),
          LATE_MILLIS,
          lagMillisAt(99),
          unmade,
          unavailable,
          tooMany,
          others,
          noAnswer,
          blocked);
    }
    return String.format(
        Locale.ROOT,
        "%-9s %9.0f %10.0f %8d %6d %11s %6s %6d %8.1f %8.1f %8.1f %8.1f %8d",
        name,
        plan.perSecond(),
        acceptedPerSecond(),
        unavailable,
        tooMany,
        retryAfter(),
        others.isEmpty() ? "0" : others.toString(),
        noAnswer,
        millisAt(50),
        millisAt(99),
        millisAt(100),
        lagMillisAt(99),
        blocked);
  }
}
