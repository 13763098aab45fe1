// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreClock;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the disk of the store takes to make a write durable, as Redis itself times it.
 *
 * <p>With {@code appendfsync always} Redis times each fsync before it answers and keeps the longest
 * of each second, in whole milliseconds, where it reaches {@code latency-monitor-threshold}
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/,
 * event {@code aof-fsync-always}). So one value per second is told: the longest fsync of that
 * second, zero where all were shorter than the threshold or nothing was written. Seconds in which
 * the store did not answer are left out.
 *
 * <p>Where it cannot be known nothing is told: with {@code everysec} and {@code no} Redis syncs in
 * a thread that it does not time, and a server of somebody else's may not monitor. One small read
 * each 5 s, on a store thread. Confined to one context.
 */
public final class FsyncWatch {

  private static final Logger LOG = LoggerFactory.getLogger(FsyncWatch.class);
  static final String EVENT = "aof-fsync-always";
  private static final long EVERY_MILLIS = 5_000;

  /** Redis keeps 160 values of an event ({@code LATENCY_TS_LEN}). */
  private static final long MOST_SECONDS = 160;

  private static final long UNKNOWN = -1;

  /** A command that the client has no method for. */
  static final ProtocolKeyword LATENCY = () -> "LATENCY".getBytes(StandardCharsets.US_ASCII);

  private final Vertx vertx;
  private final RedisConnection connection;
  private final StoreClock clock;
  private final Consumer<Duration> longest;
  private long toldUntil = UNKNOWN;
  private long timer = UNKNOWN;
  private boolean stopped;

  private FsyncWatch(
      Vertx vertx, RedisConnection connection, StoreClock clock, Consumer<Duration> longest) {
    this.vertx = vertx;
    this.connection = connection;
    this.clock = clock;
    this.longest = longest;
  }

  /**
   * Begins to watch where it is possible, and says so in the log where it is not. Call on a
   * context.
   *
   * @param longest told each second's longest fsync, some seconds later
   */
  public static FsyncWatch start(
      Vertx vertx, RedisConnection connection, StoreClock clock, Consumer<Duration> longest) {
    return start(vertx, connection, clock, longest, EVERY_MILLIS);
  }

  static FsyncWatch start(
      Vertx vertx,
      RedisConnection connection,
      StoreClock clock,
      Consumer<Duration> longest,
      long everyMillis) {
    FsyncWatch watch = new FsyncWatch(vertx, connection, clock, longest);
    List<Links.Shard> shards = connection.shards();
    if (shards.size() != 1) {
      LOG.atInfo().log("Fsync latency is not measured: the store is a cluster");
      return watch;
    }
    Links.Shard shard = shards.get(0);
    Future.all(
            StoreSettings.setting(connection, shard, "appendonly"),
            StoreSettings.setting(connection, shard, "appendfsync"),
            StoreSettings.setting(connection, shard, "latency-monitor-threshold"))
        .onSuccess(all -> watch.begin(all.list(), everyMillis))
        .onFailure(
            cause -> {
              if (!watch.stopped) { // else the store was closed while it was asked
                LOG.atWarn().setCause(cause).log("Fsync latency is not measured");
              }
            });
    return watch;
  }

  private void begin(List<String> settings, long everyMillis) {
    String threshold = settings.get(2);
    if (!settings.get(0).equals("yes") || !settings.get(1).equals("always")) {
      LOG.atInfo().log(
          "Fsync latency is not measured: Redis times it with appendfsync always only");
    } else if (threshold.isEmpty() || threshold.equals("0")) {
      LOG.atInfo().log("Fsync latency is not measured: set latency-monitor-threshold 1 in Redis");
    } else if (!stopped) {
      toldUntil = clock.now().getEpochSecond();
      timer = vertx.setPeriodic(everyMillis, id -> look());
    }
  }

  private void look() {
    connection
        .ask(
            0,
            redis ->
                redis.<List<Object>>dispatch(
                    LATENCY,
                    new ArrayOutput<>(StringCodec.UTF8),
                    new CommandArgs<>(StringCodec.UTF8).add("HISTORY").add(EVENT)))
        .onSuccess(this::tell)
        .onFailure(
            cause -> {
              toldUntil = UNKNOWN;
              LOG.atDebug().setCause(cause).log("Fsync latency not read");
            });
  }

  /** The second that goes on is told next time: its longest may still come. */
  private void tell(List<Object> rows) {
    long now = clock.now().getEpochSecond();
    Map<Long, Long> bySecond = bySecond(rows);
    long from = toldUntil == UNKNOWN ? now : Math.max(toldUntil, now - MOST_SECONDS);
    for (long second = from; second < now; second++) {
      longest.accept(Duration.ofMillis(bySecond.getOrDefault(second, 0L)));
    }
    toldUntil = now;
  }

  /** Rows of second (Unix time of the server) and milliseconds. */
  private static Map<Long, Long> bySecond(List<?> rows) {
    Map<Long, Long> bySecond = new HashMap<>();
    for (@Nullable Object row : rows) {
      if (row instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof Long second
          && pair.get(1) instanceof Long millis) {
        bySecond.merge(second, millis, Math::max);
      }
    }
    return bySecond;
  }

  /** Watches no more. */
  public void stop() {
    stopped = true;
    if (timer != UNKNOWN) {
      vertx.cancelTimer(timer);
    }
  }
}
