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
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Many armed clocks: what arming one more costs beside so many and beside a thousand, and what
 * happens when all fall due in one second. The gateways write the clocks that are measured; those
 * that only stand there are copies of rows that the gateway wrote ({@link ClockRows}). Each copy is
 * a conversation that waits, warned and at risk; its breach is decided and stored by the gateway.
 */
public final class ClockStorm {

  private static final int FEW = 1_000;
  private static final int CONNECTIONS = 64;

  /** Intake p99 while all fall due, against that before (issue 3). */
  private static final double MOST_P99 = 2;

  private static final double PROBES_PER_SECOND = 300;
  private static final int PROBE_CONTACTS = 500;
  private static final Duration PROBE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TARGET = Duration.ofHours(1);
  private static final String TEMPLATE = "template";

  /** The template warns so long after its opening, so that the copies are past their warning. */
  private static final Duration WARNS_AFTER = Duration.ofSeconds(3);

  private static final int SAMPLE = 500;

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final Clock clock = Clock.systemUTC();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private String share = "";
  private int sequence;
  private volatile boolean drained;

  /** A run in a folder of its own. */
  public ClockStorm(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
  }

  /**
   * Whether a clock more costs little, and all of them at once do no harm.
   *
   * @param share {@code timers.share} of the gateways
   */
  public boolean run(int clocks, String share) {
    this.share = share;
    Instant due = clock.instant().plusSeconds(90L + clocks / 5_000);
    ClockSide few = null;
    ClockSide many = null;
    try {
      few = side("few", FEW, due);
      many = side("many", clocks, due);
      boolean arms =
          new ArmingRounds(home, out, () -> message("n" + sequence, "hello")).run(few, many);
      few.close();
      few = null;
      return storm(many, due) && arms;
    } finally {
      if (few != null) {
        few.close();
      }
      if (many != null) {
        many.close();
      }
      CrashRun.await(vertx.close(), 10);
    }
  }

  /** Only the second half: whether all clocks, due in one second, do no harm. */
  public boolean fallDue(int clocks, String share) {
    this.share = share;
    Instant due = clock.instant().plusSeconds(45L + clocks / 5_000);
    try (ClockSide side = side("many", clocks, due)) {
      return storm(side, due);
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private ClockSide side(String name, int clocks, Instant due) {
    Path own = folder.resolve(name);
    RedisProcess redis = RedisProcess.start(own.resolve("redis"));
    Path config =
        new LoadConfig(own)
            .redis(redis.url())
            .promises(TARGET.toSeconds() + "s", "4h")
            .timerShare(share)
            .urgentWarnAt(TARGET.minus(WARNS_AFTER).toSeconds() + "s")
            .write("clocks.yaml");
    GatewayProcess gateway = GatewayProcess.start(config, own.resolve("gateway.log"), Map.of());
    IntakeLoad load = new IntakeLoad(vertx, gateway.publicUrl(), CONNECTIONS, null);
    ClockSide side = new ClockSide(redis, gateway, load, clocks);
    var opened = on(() -> load.one(message(TEMPLATE, "urgent"), System.nanoTime()), 10);
    if (opened != Ledger.Outcome.ACCEPTED) {
      throw new IllegalStateException("the template was not accepted: " + opened);
    }
    pause(WARNS_AFTER.plusSeconds(2));
    long began = System.nanoTime();
    RedisProcess.connected(
        redis.url(),
        connection -> {
          // so much at once need not be on the disk before each answer, nor be rewritten meanwhile
          var commands = connection.sync();
          String set = commands.configSet("auto-aof-rewrite-percentage", "0");
          set += commands.configSet("appendfsync", "no");
          new ClockRows(commands, TEMPLATE, TARGET).load(connection, clocks, due.toEpochMilli());
          return set + commands.configSet("appendfsync", "always");
        });
    out.printf(
        Locale.ROOT,
        "%s: %d clocks armed, %d of them loaded as copies in %.1f s, Redis at %d MB%n",
        name,
        redis.count(LoadConfig.WORKSPACE, "t"),
        clocks,
        (System.nanoTime() - began) / 1e9,
        redis.usedMemory() >> 20);
    return side;
  }

  private boolean storm(ClockSide side, Instant due) {
    on(
        () ->
            side.load().rate(PROBE_CONTACTS, Duration.ofSeconds(1), i -> message("p" + i, "hello")),
        60);
    Duration left = Duration.between(clock.instant(), due).minus(PROBE).minusSeconds(3);
    if (left.isNegative()) {
      throw new IllegalStateException("the clocks fall due before all is measured: " + left);
    }
    pause(left);
    // looked at as often as later: being asked for metrics costs a gateway, too
    Promise<IntakeLoad.Measured> undisturbed = Promise.promise();
    home.runOnContext(v -> probe(side, PROBE).onComplete(undisturbed));
    long early = 0;
    while (!undisturbed.future().isComplete()) {
      pause(LOOK);
      early = side.breached();
    }
    IntakeLoad.Measured before = CrashRun.await(undisturbed.future(), 60);
    pause(Duration.between(clock.instant(), due).minusMillis(500));
    Promise<Histogram> probing = Promise.promise();
    home.runOnContext(v -> during(side, new Histogram(60_000_000L, 3)).onComplete(probing));
    Instant end = due.plusSeconds(120L + side.clocks() / 500);
    long fired = side.breached();
    while (fired < side.clocks() && clock.instant().isBefore(end)) {
      pause(LOOK);
      fired = side.breached();
    }
    double drain = Duration.between(due, clock.instant()).toMillis() / 1_000.0;
    drained = true;
    double p99 = CrashRun.await(probing.future(), 60).getValueAtPercentile(99) / 1_000.0;
    pause(Duration.ofSeconds(12));
    return judged(side, before, p99, new Fired(fired, early, drain));
  }

  private record Fired(long clocks, long early, double drainSeconds) {}

  private boolean judged(ClockSide side, IntakeLoad.Measured before, double p99, Fired fired) {
    long twice = side.breached() - fired.clocks();
    Metrics metrics = Metrics.read(side.gateway().managementUrl());
    double claimedEarly = metrics.sum("frontdesk_timers_early_total");
    int wrong = side.wrong(SAMPLE, random);
    out.printf(
        Locale.ROOT,
        "%d clocks due in one second, share %s: fired %d, drained in %.1f s, %.0f/s; before the"
            + " second %d, claimed early %.0f, fired again %d, of %d read back wrong %d; intake at"
            + " %.0f/s p99 %.1f ms, before %.1f ms: ratio %.2f, expected %.0f at most; blocked"
            + " %d%n",
        side.clocks(),
        share,
        fired.clocks(),
        fired.drainSeconds(),
        fired.clocks() / fired.drainSeconds(),
        fired.early(),
        claimedEarly,
        twice,
        SAMPLE,
        wrong,
        PROBES_PER_SECOND,
        p99,
        before.p99Millis(),
        p99 / before.p99Millis(),
        MOST_P99,
        side.gateway().blockedWarnings());
    return fired.clocks() == side.clocks()
        && fired.early() == 0
        && claimedEarly == 0
        && twice == 0
        && wrong == 0
        && p99 <= MOST_P99 * before.p99Millis()
        && side.gateway().blockedWarnings() == 0;
  }

  private Future<IntakeLoad.Measured> probe(ClockSide side, Duration time) {
    return side.load()
        .rate(
            PROBES_PER_SECOND,
            time,
            i -> message("p" + random.nextInt(PROBE_CONTACTS), "and now?"));
  }

  /** Probes until all clocks have fired. */
  private Future<Histogram> during(ClockSide side, Histogram all) {
    return probe(side, Duration.ofSeconds(2))
        .compose(
            measured -> {
              all.add(measured.latency());
              return drained ? Future.succeededFuture(all) : during(side, all);
            });
  }

  private WebhookRequests.Signed message(String contact, String text) {
    return requests.message("k" + ++sequence, contact, text, clock.instant().getEpochSecond());
  }

  private void pause(Duration time) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(Math.max(1, time.toMillis()), t -> over.complete());
    CrashRun.await(over.future(), time.toSeconds() + 10);
  }

  private <T> T on(Supplier<Future<T>> work, long seconds) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), seconds + 30);
  }
}
