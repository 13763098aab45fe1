// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreClock;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A {@link RedisClock} for each primary, and for each workspace the one of the primary that has it.
 * Primaries of a cluster that are a second apart do not disturb each other: an answer about a
 * workspace corrects the clock of its own primary only. Thread-safe.
 */
final class PrimaryClocks {

  private final LongSupplier nanos;
  private final Clock host;
  private final LongConsumer driftMillis;
  private final Function<String, String> primaryOf;
  private final RedisClock first;
  private final Map<String, RedisClock> byPrimary = new ConcurrentHashMap<>();
  private final Map<String, Long> drifts = new ConcurrentHashMap<>();
  private final Map<String, OfWorkspace> byWorkspace = new ConcurrentHashMap<>();
  private long told;

  /**
   * Clocks that know one answer of any primary already.
   *
   * @param driftMillis told how far the host is ahead of the primary that differs most (negative:
   *     behind) when that is past {@link RedisClock#ALARM}, and 0 when all are back within
   * @param primaryOf the name of the primary that has a workspace, as known now
   */
  PrimaryClocks(
      long redisMillis,
      LongSupplier nanos,
      Clock host,
      LongConsumer driftMillis,
      Function<String, String> primaryOf) {
    this.nanos = nanos;
    this.host = host;
    this.driftMillis = driftMillis;
    this.primaryOf = primaryOf;
    this.first = new RedisClock(redisMillis, nanos, host, drift -> drifted("", drift));
  }

  /** The clock that a workspace lives by; always the same object. */
  OfWorkspace of(String workspace) {
    OfWorkspace known = byWorkspace.get(workspace);
    return known != null ? known : byWorkspace.computeIfAbsent(workspace, this::begin);
  }

  /** Of whichever primary was heard of first. */
  StoreClock first() {
    return first;
  }

  /** A primary says its time. */
  void heard(String primary, long redisMillis) {
    RedisClock known = byPrimary.get(primary);
    (known != null ? known : clockOf(primary, redisMillis)).heard(redisMillis);
  }

  /**
   * Gives each workspace the clock of the primary that has it now; to be called each second.
   *
   * @param primaries names of all that there are now
   */
  void follow(Collection<String> primaries) {
    byWorkspace.values().forEach(OfWorkspace::follow);
    if (drifts.keySet().removeIf(name -> !name.isEmpty() && !primaries.contains(name))) {
      tell();
    }
  }

  private OfWorkspace begin(String workspace) {
    OfWorkspace begun = new OfWorkspace(workspace);
    begun.follow();
    return begun;
  }

  /** The first primary that is heard of takes over the clock there is. */
  private RedisClock clockOf(String primary, long redisMillis) {
    synchronized (byPrimary) {
      RedisClock known = byPrimary.get(primary);
      if (known != null) {
        return known;
      }
      RedisClock made =
          byPrimary.isEmpty()
              ? first
              : new RedisClock(redisMillis, nanos, host, drift -> drifted(primary, drift));
      byPrimary.put(primary, made);
      return made;
    }
  }

  private void drifted(String primary, long millis) {
    if (millis == 0) {
      drifts.remove(primary);
    } else {
      drifts.put(primary, millis);
    }
    tell();
  }

  private synchronized void tell() {
    long worst = drifts.values().stream().max(Comparator.comparingLong(Math::abs)).orElse(0L);
    if (worst != told) {
      told = worst;
      driftMillis.accept(worst);
    }
  }

  /** The clock of a workspace, wherever it lives. */
  final class OfWorkspace implements StoreClock {
    private final String workspace;
    private volatile RedisClock clock = first;

    private OfWorkspace(String workspace) {
      this.workspace = workspace;
    }

    @Override
    public Instant now() {
      return clock.now();
    }

    /** An answer about the workspace that just arrived carried this time. */
    void heard(long redisMillis) {
      clock.heard(redisMillis);
    }

    /** The primary says that our time is wrong: it may be another one by now. */
    void restart(long redisMillis) {
      clock = clockOf(primaryOf.apply(workspace), redisMillis);
      clock.restart(redisMillis);
    }

    private void follow() {
      RedisClock present = byPrimary.get(primaryOf.apply(workspace));
      if (present != null) {
        clock = present;
      }
    }
  }
}
