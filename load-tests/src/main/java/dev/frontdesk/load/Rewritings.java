// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * For how much of a time Redis rewrote its append-only file. Its child takes a core meanwhile, and
 * what Redis changes is copied first: on two busy cores messages then wait for a second or two, so
 * a latency says little without this. Asks ten times a second on a thread of its own.
 */
public final class Rewritings implements AutoCloseable {

  /**
   * How long the queue that a rewriting leaves takes at half load: some 1.5 s of messages, worked
   * off at twice the pace at which others come, and the deletion of the old file.
   */
  public static final Duration LEFT = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String UNDER_WAY = "aof_rewrite_in_progress:1";

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "rewritings");
  private final List<Span> spans = new ArrayList<>();
  private long underWayNanos;
  private int begun;
  private boolean isUnderWay;

  /** From when it was not yet seen to when it was last seen, {@code System.nanoTime}. */
  private record Span(long from, long to) {}

  /**
   * Begins.
   *
   * @param url of the Redis, as {@link RedisProcess#url} gives it
   */
  public Rewritings(String url) {
    client = RedisClient.create(RedisURI.create(url));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    connection = client.connect();
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      long last = System.nanoTime();
      while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        boolean now = connection.sync().info("persistence").contains(UNDER_WAY);
        long at = System.nanoTime();
        saw(now, last, at);
        last = at;
      }
    } catch (RedisException ended) {
      // what was seen until then is what there is
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void saw(boolean now, long last, long at) {
    if (now) {
      underWayNanos += at - last;
      begun += isUnderWay ? 0 : 1;
      long from = isUnderWay ? spans.remove(spans.size() - 1).from() : last;
      spans.add(new Span(from, at));
    }
    isUnderWay = now;
  }

  /**
   * Whether Redis rewrote its file at some time between these, {@code System.nanoTime}, or in the
   * {@link #LEFT} before: who comes then still waits behind those that a rewriting held up.
   */
  public synchronized boolean touched(long fromNanos, long toNanos) {
    return spans.stream()
        .anyMatch(span -> span.from() <= toNanos && span.to() + LEFT.toNanos() >= fromNanos);
  }

  /** Has Redis rewrite its file now; nothing if it does already. */
  public void ask() {
    try {
      String begun = connection.sync().bgrewriteaof();
      assert !begun.isEmpty();
    } catch (RedisCommandExecutionException underWay) {
      assert String.valueOf(underWay.getMessage()).contains("progress");
    }
  }

  /** Since the last call, for people; one that is under way counts on both sides. */
  public synchronized String take() {
    String said =
        begun == 0
            ? "Redis did not rewrite its file meanwhile"
            : String.format(
                Locale.ROOT,
                "Redis rewrote its file meanwhile: %d times, %.1f s in all",
                begun,
                underWayNanos / 1e9);
    begun = isUnderWay ? 1 : 0;
    underWayNanos = 0;
    return said;
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
    client.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
