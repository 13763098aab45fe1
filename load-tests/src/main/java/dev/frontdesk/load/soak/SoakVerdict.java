// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.load.Ledger;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Says what a soak came to, figure by figure, and whether it was clean. */
final class SoakVerdict {

  /** Per cent of the mean in ten minutes (issue 4). */
  private static final double STEEPEST = 1;

  /** Descriptors between the tenth of thirty minutes and the last (issue 4). */
  private static final double DESCRIPTORS = 5;

  /** How late a message may be sent: past it the generator was too slow, not the gateway. */
  private static final long LAG_MILLIS = 1_000;

  /**
   * Bytes that a message leaves for as long as a promise lasts: its id in a bucket of ids, and the
   * share of a reply's answer and of a resolution's that comes with it (91 in the first clean run).
   */
  private static final double PROMISED = 128;

  private static final double MEGABYTE = 1024 * 1024;

  private final SoakPlan plan;
  private final List<Sample> samples;
  private final Observer observer;
  private final double rate;
  private final PrintStream out;
  private boolean isClean = true;

  SoakVerdict(
      SoakPlan plan, List<Sample> samples, Observer observer, double rate, PrintStream out) {
    this.plan = plan;
    this.samples = samples;
    this.observer = observer;
    this.rate = rate;
    this.out = out;
  }

  /** A sample in one line. */
  static String line(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%.0f s: %.0f/s p99 %.0f ms; %sdirect %.1f MB, resident %.0f MB, %.0f own"
            + " descriptors of %.0f; Redis %.1f MB, data %.1f MB, file %.0f MB, %.0f keys, %.0f"
            + " conversations",
        sample.second(),
        sample.accepted(),
        sample.p99Millis(),
        Double.isFinite(sample.heap())
            ? String.format(Locale.ROOT, "heap %.1f MB, ", sample.heap() / MEGABYTE)
            : "",
        sample.direct() / MEGABYTE,
        sample.resident() / MEGABYTE,
        sample.descriptors(),
        sample.allDescriptors(),
        sample.usedMemory() / MEGABYTE,
        sample.dataset() / MEGABYTE,
        sample.appendOnlyFile() / MEGABYTE,
        sample.keys(),
        sample.conversations());
  }

  /** Prints all of it; true if it was clean. */
  boolean judge(
      Ledger.Balance balance,
      Auditor.Found found,
      double earlyTimers,
      long troubles,
      boolean stoppedWell,
      int blocked,
      Sample last) {
    out.printf(
        Locale.ROOT,
        "from the plan until accepted p50 %.1f ms p99 %.1f ms p99.9 %.1f ms, faults included%n",
        observer.latency().getValueAtPercentile(50) / 1_000.0,
        observer.latency().getValueAtPercentile(99) / 1_000.0,
        observer.latency().getValueAtPercentile(99.9) / 1_000.0);
    double window = plan.seconds() / 60.0;
    slope("heap after collection", Trend.ofLowest(of(Sample::heap), window * 2));
    slope("direct memory", Trend.ofMedians(of(Sample::direct), window));
    slope("Redis data", Trend.ofLowest(of(Sample::working), window * 2));
    note("Redis data, all of it counted", Trend.of(of(Sample::working)));
    StoreCensus.table(observer.censuses(plan.settled())).forEach(out::println);
    note("Redis used_memory", Trend.ofMedians(of(Sample::usedMemory), window));
    note("resident memory", Trend.ofMedians(of(Sample::resident), window));
    promised();
    descriptors();
    out.println(
        "retention: "
            + found.erased()
            + " of "
            + found.conversations()
            + " conversations erased, "
            + (long) last.conversations()
            + " kept at the end");
    must("conversations are erased", found.erased() > 0 || plan.minutes() < 2);
    must(
        "the generator kept up (longest lag " + observer.lagMillis() + " ms)",
        observer.lagMillis() <= LAG_MILLIS && observer.accepted() >= rate * plan.seconds() * 0.99);
    out.println(balance + " gaps=" + found.gaps());
    out.println("audit " + found + " earlyTimers=" + (long) earlyTimers);
    must("the ledger balances", balance.isClean() && found.isClean());
    must("no clock early", earlyTimers == 0);
    must("agents were answered, faults were made", troubles == 0);
    must("SIGTERM ended both", stoppedWell);
    must("no event loop was blocked", blocked == 0);
    return isClean;
  }

  private List<Trend.Point> of(ToDoubleFunction<Sample> figure) {
    return Sample.points(samples, plan.settled(), plan.seconds(), figure);
  }

  private void slope(String what, Trend trend) {
    boolean holds = trend.percent() <= STEEPEST;
    tell(what, trend, plan.isJudged() ? (holds ? " <= 1" : " !! > 1") : " (not judged)");
    isClean &= holds || !plan.isJudged();
  }

  private void note(String what, Trend trend) {
    tell(what, trend, "");
  }

  private void tell(String what, Trend trend, String judged) {
    out.printf(
        Locale.ROOT,
        "%s: mean %.1f MB, slope %+.2f %% per 10 minutes%s (least squares %+.2f %%, %d points)%n",
        what,
        trend.mean() / MEGABYTE,
        trend.percent(),
        judged,
        trend.leastSquaresPercent(),
        trend.size());
  }

  private void promised() {
    Trend trend = Trend.of(of(Sample::promised));
    double each = trend.slope() / rate;
    boolean holds = each <= PROMISED;
    out.printf(
        Locale.ROOT,
        "kept by promise (ids for 12 days, answers to Idempotency-Key for 24 h), not in Redis data:"
            + " mean %.1f MB, %.0f bytes a message%s%n",
        trend.mean() / MEGABYTE,
        each,
        !plan.isJudged() ? " (not judged)" : holds ? " <= 128" : " !! > 128");
    isClean &= holds || !plan.isJudged();
  }

  private void descriptors() {
    double minute = Math.min(60, plan.seconds() / 10.0);
    double first = descriptors(plan.settled() - minute, plan.settled());
    double end = descriptors(plan.seconds() - minute, plan.seconds());
    boolean holds = Math.abs(end - first) <= DESCRIPTORS;
    out.printf(
        Locale.ROOT,
        "descriptors without connections of clients: %.0f, at the end %.0f%s%n",
        first,
        end,
        holds ? "" : " !! more than 5 apart");
    isClean &= holds || !plan.isJudged();
  }

  private double descriptors(double from, double to) {
    return Trend.median(
        Sample.points(samples, from, to, Sample::descriptors).stream()
            .mapToDouble(Trend.Point::value)
            .filter(value -> value >= 0)
            .toArray());
  }

  private void must(String what, boolean holds) {
    if (!holds) {
      out.println("!! not so: " + what);
      isClean = false;
    }
  }
}
