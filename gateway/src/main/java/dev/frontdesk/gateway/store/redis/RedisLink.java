// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection and who waits on it. After a time-out the server counts as silent: until its next
 * answer one command each 100 ms is sent to hear it, the others are refused at once. So a server
 * that hangs costs its callers one time-out, not one each, and nothing piles up behind it.
 * Thread-safe.
 */
final class RedisLink {

  private static final long PROBE_NANOS = Duration.ofMillis(100).toNanos();

  private final StatefulRedisConnection<String, String> connection;
  private final RedisAsyncCommands<String, String> commands;
  private final int mostWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong probedAt = new AtomicLong();
  private volatile boolean silent;

  RedisLink(StatefulRedisConnection<String, String> connection, int mostWaiting) {
    this.connection = connection;
    this.commands = connection.async();
    this.mostWaiting = mostWaiting;
  }

  RedisAsyncCommands<String, String> commands() {
    return commands;
  }

  /** Whether it is connected and below its bound now. */
  boolean hasRoom() {
    return connection.isOpen() && waiting.get() < mostWaiting;
  }

  /** Lets one command in (null; {@link #leave} must follow), or says why not. */
  @Nullable String enter() {
    if (silent && !mayProbe()) {
      return "store: it does not answer";
    }
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      return "store: " + mostWaiting + " commands wait on each connection already";
    }
    return null;
  }

  /**
   * A command ended: with an answer (null, or the server's refusal) or without. That a silent
   * connection was closed is no answer.
   */
  void leave(@Nullable Throwable cause) {
    waiting.decrementAndGet();
    if (cause instanceof RedisCommandTimeoutException) {
      silent = true;
    } else if (cause == null || cause instanceof RedisCommandExecutionException) {
      silent = false;
    }
  }

  private boolean mayProbe() {
    long last = probedAt.get();
    long now = System.nanoTime();
    return now - last > PROBE_NANOS && probedAt.compareAndSet(last, now);
  }
}
