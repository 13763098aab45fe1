// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.fault.Rig;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Does what a {@link FaultPlan} says, on a thread of its own. */
final class Disturber implements AutoCloseable {

  /** How long a platform refuses or is slow. */
  private static final int PLATFORM_SECONDS = 20;

  private static final int SLOW_MILLIS = 1_000;
  private static final int PAUSE_MILLIS = 500;

  private final Site site;
  private final Staff staff;
  private final StoreProbe store;
  private final PrintStream out;
  private final ScheduledExecutorService hand = Executors.newSingleThreadScheduledExecutor();
  private final Map<FaultPlan.Kind, Integer> done = new ConcurrentSkipListMap<>();
  private final AtomicInteger failed = new AtomicInteger();

  /**
   * With what it needs.
   *
   * @param store a connection of its own, which it closes
   */
  Disturber(Site site, Staff staff, StoreProbe store, PrintStream out) {
    this.site = site;
    this.staff = staff;
    this.store = store;
    this.out = out;
  }

  /** The seconds of the plan count from now. */
  void begin(List<FaultPlan.Planned> faults) {
    for (FaultPlan.Planned fault : faults) {
      long micros = (long) (fault.second() * 1e6);
      var unused = hand.schedule(() -> guarded(fault), micros, TimeUnit.MICROSECONDS);
    }
  }

  private void guarded(FaultPlan.Planned fault) {
    try {
      does(fault.kind());
      done.merge(fault.kind(), 1, Integer::sum);
      out.printf(Locale.ROOT, "%5.0f s %s%n", fault.second(), fault.kind());
    } catch (RuntimeException e) {
      failed.incrementAndGet();
      out.printf(Locale.ROOT, "%5.0f s %s failed: %s%n", fault.second(), fault.kind(), e);
    }
  }

  private void does(FaultPlan.Kind kind) {
    switch (kind) {
      case KILL -> {
        site.replaceOther(early());
        staff.sitAt(1, site.other().publicUrl());
      }
      case CUT -> store.cutOthers();
      case PAUSE -> store.pause(PAUSE_MILLIS);
      case REWRITE -> store.rewrite();
      case RELOAD -> {
        Rig.signal(site.lasting().pid(), "HUP");
        Rig.signal(site.other().pid(), "HUP");
      }
      case REFUSING -> platform(503, 0);
      case SLOW -> platform(200, SLOW_MILLIS);
    }
  }

  /** The last one to come ends an earlier one. */
  private void platform(int status, int delayMillis) {
    site.platform(status, delayMillis);
    var unused = hand.schedule(() -> site.platform(200, 0), PLATFORM_SECONDS, TimeUnit.SECONDS);
  }

  /** What the second gateway has counted as early. */
  private double early() {
    try {
      return Metrics.read(site.other().managementUrl()).sum("frontdesk_timers_early_total");
    } catch (IllegalStateException busy) {
      return 0;
    }
  }

  /** Faults that could not be made. */
  int failed() {
    return failed.get();
  }

  @Override
  public String toString() {
    return done.toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    var unused = hand.shutdownNow();
    store.close();
  }
}
