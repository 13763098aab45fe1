// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Messages on their way to the agent who waits for them: from when each was planned to be sent to
 * the answer of the poll that brought it. Thread-safe.
 */
final class Arrivals {

  private final ConcurrentHashMap<String, Long> planned = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Long> arrived = new ConcurrentHashMap<>();
  private final AtomicInteger repeated = new AtomicInteger();
  private volatile long countedFrom = Long.MIN_VALUE;

  /** A message that an agent has to hear of; before it is sent, and each id once. */
  void plan(String id, long nanos) {
    if (planned.putIfAbsent(id, nanos) != null) {
      throw new IllegalStateException(id + " was planned before: no time of it would be true");
    }
  }

  /** A poll brought it; what was not planned is none of ours. */
  void arrive(String id, long nanos) {
    if (planned.containsKey(id) && arrived.putIfAbsent(id, nanos) != null) {
      repeated.incrementAndGet();
    }
  }

  /** How many were planned. */
  int planned() {
    return planned.size();
  }

  /** How many arrived. */
  int arrived() {
    return arrived.size();
  }

  /** How many arrivals were of what had arrived before. */
  int repeated() {
    return repeated.get();
  }

  /** Those of {@code accepted} that did not arrive within {@code patience} of their plan. */
  long lost(Set<String> accepted, Duration patience) {
    return planned.entrySet().stream()
        .filter(one -> accepted.contains(one.getKey()))
        .filter(
            one -> {
              Long at = arrived.get(one.getKey());
              return at == null || at - one.getValue() > patience.toNanos();
            })
        .count();
  }

  /** What was planned before is in no latency. */
  void countFrom(long nanos) {
    countedFrom = nanos;
  }

  /** Which of them a latency is about. */
  @FunctionalInterface
  interface Part {
    /** Whether one counts that was on its way for this time, {@code System.nanoTime}. */
    boolean has(long plannedNanos, long arrivedNanos);
  }

  /** From plan to arrival, microseconds, of those that arrived and count. */
  Histogram latency() {
    return latency((plan, at) -> true);
  }

  /** The same of a part of them. */
  Histogram latency(Part part) {
    Histogram latency = new Histogram(3_600_000_000L, 3);
    arrived.forEach(
        (id, at) -> {
          long plan = planned.getOrDefault(id, at);
          if (plan >= countedFrom && part.has(plan, at)) {
            latency.recordValue(Math.max(1, Math.min(3_599_999_999L, (at - plan) / 1_000)));
          }
        });
    return latency;
  }

  /** From the earliest plan to the latest arrival. */
  Duration span() {
    long first = planned.values().stream().mapToLong(Long::longValue).min().orElse(0);
    return Duration.ofNanos(arrived.values().stream().mapToLong(at -> at - first).max().orElse(0));
  }
}
