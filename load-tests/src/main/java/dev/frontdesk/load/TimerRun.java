// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Proves that clocks live in Redis, fire once, never early, and how late they fire. */
public final class TimerRun {

  private static final int CONNECTIONS = 64;

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private int sequence;

  /** A run in a folder of its own. */
  public TimerRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
  }

  /**
   * Arms {@code clocks} clocks, kills the gateway that armed them, starts another 5 s later, and
   * counts what fires there.
   */
  public boolean handover(int clocks) {
    try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"))) {
      Path config = new LoadConfig(folder).redis(redis.url()).promises("1h", "30s").write("t.yaml");
      GatewayProcess first =
          GatewayProcess.start(config, folder.resolve("gateway-1.log"), Map.of());
      open(first, clocks);
      long armed = redis.count(LoadConfig.WORKSPACE, "t");
      first.kill();
      pause(Duration.ofSeconds(5));
      GatewayProcess second =
          GatewayProcess.start(config, folder.resolve("gateway-2.log"), Map.of());
      long breached = awaitBreached(second, clocks, Duration.ofSeconds(90));
      pause(Duration.ofSeconds(3));
      long twice = breached(second) - breached;
      Metrics metrics = Metrics.read(second.managementUrl());
      long left = redis.count(LoadConfig.WORKSPACE, "t");
      out.printf(
          java.util.Locale.ROOT,
          "%d clocks armed by a killed gateway: timers before %d, after %d, fired %d, fired again"
              + " %d, early %.0f, p99 lateness <= %.0f ms, blocked %d%n",
          clocks,
          armed,
          left,
          breached,
          twice,
          metrics.sum("frontdesk_timers_early_total"),
          metrics.quantile("frontdesk_timer_lateness_seconds", 0.99) * 1_000,
          first.blockedWarnings() + second.blockedWarnings());
      boolean clean =
          breached == clocks
              && twice == 0
              && metrics.sum("frontdesk_timers_early_total") == 0
              && first.blockedWarnings() + second.blockedWarnings() == 0;
      second.close();
      return clean;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  /** {@code clocks} clocks due over {@code spread} while messages keep coming in. */
  public boolean underLoad(int clocks, Duration spread, double backgroundPerSecond) {
    Duration promise = spread.plusSeconds(15);
    Path config =
        new LoadConfig(folder).promises("1h", promise.toSeconds() + "s").write("timers.yaml");
    try (GatewayProcess gateway =
        GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of())) {
      IntakeLoad load = new IntakeLoad(vertx, gateway.publicUrl(), CONNECTIONS, null);
      double rate = clocks / (double) spread.toSeconds();
      IntakeLoad.Measured arming = on(() -> load.rate(rate, spread, i -> message("c" + i)), spread);
      out.printf(
          java.util.Locale.ROOT,
          "armed %d clocks at %.0f/s: accepted %d, refused %d%n",
          clocks,
          arming.perSecond(),
          arming.accepted(),
          arming.refused() + arming.failed());
      IntakeLoad.Measured background =
          on(
              () ->
                  load.rate(
                      backgroundPerSecond,
                      spread.plusSeconds(20),
                      i -> message("c" + random.nextInt(clocks))),
              spread.plusSeconds(20));
      long fired = awaitBreached(gateway, clocks, Duration.ofSeconds(60));
      pause(Duration.ofSeconds(3));
      long twice = breached(gateway) - fired;
      Metrics metrics = Metrics.read(gateway.managementUrl());
      double p99 = metrics.quantile("frontdesk_timer_lateness_seconds", 0.99) * 1_000;
      out.printf(
          java.util.Locale.ROOT,
          "%d clocks over %d s under %.0f messages/s (intake p99 %.1f ms): fired %d, again %d,"
              + " early %.0f, p99 lateness <= %.0f ms, blocked %d%n",
          clocks,
          spread.toSeconds(),
          background.perSecond(),
          background.p99Millis(),
          fired,
          twice,
          metrics.sum("frontdesk_timers_early_total"),
          p99,
          gateway.blockedWarnings());
      return fired == clocks
          && twice == 0
          && metrics.sum("frontdesk_timers_early_total") == 0
          && p99 <= 250
          && gateway.blockedWarnings() == 0;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private void open(GatewayProcess gateway, int clocks) {
    IntakeLoad load = new IntakeLoad(vertx, gateway.publicUrl(), CONNECTIONS, null);
    Duration time = Duration.ofSeconds(Math.max(4, clocks / 1_500));
    IntakeLoad.Measured opened =
        on(() -> load.rate(clocks / (double) time.toSeconds(), time, i -> message("c" + i)), time);
    if (opened.accepted() != clocks) {
      throw new IllegalStateException("opened " + opened.accepted() + " of " + clocks);
    }
  }

  private WebhookRequests.Signed message(String contact) {
    return requests.message(
        "t" + ++sequence,
        contact,
        "where is my parcel " + sequence,
        Clock.systemUTC().instant().getEpochSecond());
  }

  private static long breached(GatewayProcess gateway) {
    return Math.round(
        Metrics.read(gateway.managementUrl())
            .sum("frontdesk_first_response_total", "verdict=\"breached\""));
  }

  private long awaitBreached(GatewayProcess gateway, int expected, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    long found = breached(gateway);
    while (found < expected && System.nanoTime() < end) {
      pause(Duration.ofSeconds(1));
      found = breached(gateway);
    }
    return found;
  }

  private void pause(Duration time) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(time.toMillis(), t -> over.complete());
    CrashRun.await(over.future(), time.toSeconds() + 10);
  }

  private <T> T on(Supplier<Future<T>> work, Duration time) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), time.toSeconds() + 60);
  }
}
