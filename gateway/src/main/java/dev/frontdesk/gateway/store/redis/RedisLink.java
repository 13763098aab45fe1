// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
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
  private static final long LEAVE_NANOS = Duration.ofSeconds(1).toNanos();

  private final StatefulConnection<String, String> connection;
  private final RedisClusterAsyncCommands<String, String> commands;
  private final int mostWaiting;
  private final @Nullable ReplicaWait replicas;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong leftAt = new AtomicLong(System.nanoTime() - LEAVE_NANOS);
  private final AtomicLong probedAt = new AtomicLong();
  private volatile boolean silent;

  /**
   * A link.
   *
   * @param connection of {@code commands}
   * @param copies what its writes wait for
   */
  RedisLink(
      StatefulConnection<String, String> connection,
      RedisClusterAsyncCommands<String, String> commands,
      int mostWaiting,
      Copies copies) {
    this.connection = connection;
    this.commands = commands;
    this.mostWaiting = mostWaiting;
    this.replicas = copies.awaited() ? new ReplicaWait(commands, copies) : null;
  }

  RedisClusterAsyncCommands<String, String> commands() {
    return commands;
  }

  /** Completes when replicas have what was answered on this link; null: none are asked. */
  @Nullable ReplicaWait replicas() {
    return replicas;
  }

  /** Whether it is connected. */
  boolean isOpen() {
    return connection.isOpen();
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

  /** Whether it is a link of this connection. */
  boolean isOn(StatefulConnection<String, String> other) {
    return connection == other;
  }

  /** Whether it may be ended to find a better server: once a second. */
  boolean mayLeave() {
    long last = leftAt.get();
    long now = System.nanoTime();
    return now - last > LEAVE_NANOS && leftAt.compareAndSet(last, now);
  }

  private boolean mayProbe() {
    long last = probedAt.get();
    long now = System.nanoTime();
    return now - last > PROBE_NANOS && probedAt.compareAndSet(last, now);
  }
}
