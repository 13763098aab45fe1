// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.CrashRun;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two gateways at a share of their ceiling for half an hour, with agents who work and resolve, a
 * retention of minutes, and faults now and then: whether memory, files or descriptors grow, and
 * whether every message is accounted for.
 *
 * <p>Slopes are those of the first gateway, which no fault ends: a process that was just started
 * grows for a while, whatever it is. The second one is killed now and then, so that the first has
 * to do with all that follows from it.
 */
public final class SoakRun implements AutoCloseable {

  private static final int WORKERS = 64;

  /** Without faults at the end, so that what the last one left over is gone. */
  private static final double QUIET_SECONDS = 25;

  /** At most so long after the last message until the agents have resolved what they accepted. */
  private static final int DRAIN_SECONDS = 60;

  private final Path folder;
  private final PrintStream out;
  private final long seed;
  private final Vertx vertx = Vertx.vertx();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** A run in a folder of its own. */
  public SoakRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.seed = seed;
    out.println("seed " + seed + ", " + Runtime.getRuntime().availableProcessors() + " cores");
  }

  /**
   * Runs it; true if it was clean.
   *
   * @param share of the ceiling, such as {@code 70%}
   */
  public boolean run(int minutes, String share) throws IOException {
    SoakPlan plan = new SoakPlan(minutes, Double.parseDouble(share.replace("%", "")) / 100);
    Site site = ends(new Site(folder, vertx, plan));
    site.open();
    NumberedLedger ledger = new NumberedLedger();
    Calls calls = new Calls(site::addresses);
    Customers customers = new Customers(vertx, site::addresses, ledger, seed);
    Staff staff = ends(new Staff(calls, site.agents()));
    staff.sitAt(0, site.lasting().publicUrl());
    staff.sitAt(1, site.other().publicUrl());
    Auditor auditor = ends(new Auditor(calls, ledger, plan.retention()));
    auditor.begin();
    double warm = ceiling(customers, plan.warmUpSeconds());
    double ceiling = ceiling(customers, plan.ceilingSeconds());
    double rate = ceiling * plan.share();
    out.printf(
        Locale.ROOT,
        "ceiling %.0f/s (while warming up %.0f/s); %d minutes at %.0f/s, conversations kept %d s"
            + " after closing%n",
        ceiling,
        warm,
        plan.minutes(),
        rate,
        plan.retention());
    Disturber disturber = ends(new Disturber(site, staff, new StoreProbe(site.redis().url()), out));
    Observer observer =
        ends(
            new Observer(
                site,
                customers,
                new GatewayProbe(site.lasting()),
                new StoreProbe(site.redis().url())));
    List<FaultPlan.Planned> faults =
        FaultPlan.of(seed, plan.seconds(), QUIET_SECONDS, plan.faultEvery());
    CrashRun.await(customers.take(), 30);
    customers.begin(rate);
    disturber.begin(faults);
    List<Sample> samples = watched(plan, observer);
    CrashRun.await(customers.stop(), 120);
    Sample last = observer.look(plan.seconds(), 1, false);
    awaitResolved(staff);
    Auditor.Found found = finished(auditor);
    Path csv = write(samples);
    Path png = new SoakChart(plan, samples, faults).write(csv.resolveSibling("soak.png"));
    out.println("faults " + disturber + ", " + observer);
    out.println(
        "agents "
            + staff
            + "; platform took "
            + site.taken()
            + " answers, refused "
            + site.turnedDown());
    return new SoakVerdict(plan, samples, observer, rate, out)
            .judge(
                ledger.balance(),
                found,
                early(site),
                staff.troubles() + disturber.failed(),
                stopped(site),
                site.blockedWarnings(),
                last)
        && said(png, csv);
  }

  private List<Sample> watched(SoakPlan plan, Observer observer) {
    List<Sample> samples = new ArrayList<>();
    long began = System.nanoTime();
    double before = 0;
    double nextCensus = 0;
    for (int tick = 1; before < plan.seconds(); tick++) {
      restUntil(began + TimeUnit.SECONDS.toNanos(tick));
      double now = (System.nanoTime() - began) / 1e9;
      boolean isCensus = now >= nextCensus;
      Sample sample = observer.look(now, now - before, isCensus);
      nextCensus += isCensus ? plan.censusEvery() : 0;
      before = now;
      samples.add(sample);
      if (tick % Math.max(10, plan.seconds() / 30) == 0) {
        out.println("  " + SoakVerdict.line(sample));
      }
    }
    return samples;
  }

  private static double ceiling(Customers customers, int seconds) {
    return CrashRun.await(customers.ceiling(WORKERS, Duration.ofSeconds(seconds)), seconds + 90);
  }

  private void awaitResolved(Staff staff) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    while (staff.inHand() > 0 && System.nanoTime() < end) {
      restUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static Auditor.Found finished(Auditor auditor) {
    try {
      return auditor.finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double early(Site site) {
    double early = site.earlyBefore();
    for (GatewayProcess gateway : List.of(site.lasting(), site.other())) {
      early += Metrics.read(gateway.managementUrl()).sum("frontdesk_timers_early_total");
    }
    return early;
  }

  /** Blocked-thread warnings, and whether both ended by SIGTERM as they should. */
  private boolean stopped(Site site) {
    int first = site.lasting().stop();
    int second = site.other().stop();
    int blocked = site.blockedWarnings();
    out.println("SIGTERM exit codes " + first + " " + second + ", blocked loops " + blocked);
    return first == 0 && second == 0;
  }

  private static Path write(List<Sample> samples) throws IOException {
    Path folder = Files.createDirectories(GatewayProcess.root().resolve("load-tests/target"));
    List<String> lines = new ArrayList<>(List.of(Sample.HEADER));
    samples.forEach(sample -> lines.add(sample.row()));
    return Files.write(folder.resolve("soak.csv"), lines);
  }

  private boolean said(Path png, Path csv) {
    out.println(
        "chart "
            + GatewayProcess.root().relativize(png)
            + ", figures "
            + GatewayProcess.root().relativize(csv));
    return true;
  }

  private static void restUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private <T extends AutoCloseable> T ends(T thing) {
    started.push(thing);
    return thing;
  }

  /** Ends what was started, the last first. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        // the next one has to end all the same
        System.getLogger("soak").log(System.Logger.Level.WARNING, "did not end", e);
      }
    }
    CrashRun.await(vertx.close(), 20);
  }
}
