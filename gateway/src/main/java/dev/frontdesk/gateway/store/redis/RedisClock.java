// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Follows the time of one Redis: an offset to the monotonic clock, corrected by every answer that
 * carries the time. Each answer is a lower bound (the time was read before the answer arrived); the
 * largest of the last one to two seconds is in force, so a slow round trip does not set it back and
 * a step of Redis is followed within two seconds, at once when Redis says so ({@link #restart}).
 * Thread-safe.
 */
final class RedisClock implements StoreClock {

  /** Past this the host and Redis disagree about the time: someone should look. */
  static final Duration ALARM = Duration.ofMillis(500);

  private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

  /** Offsets in nanoseconds: Redis time = monotonic time + offset. */
  private record Bound(long previous, long current, long since) {
    long offset() {
      return Math.max(previous, current);
    }
  }

  private final LongSupplier nanos;
  private final Clock host;
  private final LongConsumer driftMillis;
  private volatile Bound bound;
  private volatile boolean drifting;

  /**
   * A clock that knows one answer already.
   *
   * @param driftMillis told how far the host is ahead of Redis (negative: behind) when that passes
   *     {@link #ALARM}, and 0 when it is back within
   */
  RedisClock(long redisMillis, LongSupplier nanos, Clock host, LongConsumer driftMillis) {
    this.nanos = nanos;
    this.host = host;
    this.driftMillis = driftMillis;
    long now = nanos.getAsLong();
    long offset = offset(redisMillis, now);
    this.bound = new Bound(offset, offset, now);
    lookAtHost();
  }

  @Override
  public Instant now() {
    long at = nanos.getAsLong() + bound.offset();
    return Instant.ofEpochSecond(
        Math.floorDiv(at, 1_000_000_000L),
        Math.floorMod(at, 1_000_000_000L) / 1_000_000 * 1_000_000);
  }

  /** An answer that just arrived carried this time. */
  void heard(long redisMillis) {
    long now = nanos.getAsLong();
    long offset = offset(redisMillis, now);
    Bound seen = bound;
    // two threads may do this at once: then one answer of many is dropped, which loosens nothing
    if (now - seen.since() > WINDOW_NANOS) {
      bound = new Bound(seen.current(), offset, now);
      lookAtHost();
    } else if (offset > seen.current()) {
      bound = new Bound(seen.previous(), offset, seen.since());
    }
  }

  /** Redis says our time is wrong: forget what was heard before. */
  void restart(long redisMillis) {
    long now = nanos.getAsLong();
    long offset = offset(redisMillis, now);
    bound = new Bound(offset, offset, now);
    lookAtHost();
  }

  private static long offset(long redisMillis, long now) {
    return redisMillis * 1_000_000 - now;
  }

  private void lookAtHost() {
    long drift = host.millis() - now().toEpochMilli();
    boolean far = Math.abs(drift) > ALARM.toMillis();
    if (far != drifting) {
      drifting = far;
      driftMillis.accept(far ? drift : 0);
    }
  }
}
