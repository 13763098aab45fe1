// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How often timers failed in a row. Bounded: while all places are taken by timers that fail, others
 * are not counted, so that those counted reach their end and make room. Not thread-safe.
 */
final class FailureCounts {

  /** What did not fail for that long does not fail in a row: it went, or took effect elsewhere. */
  static final Duration FORGOTTEN = Duration.ofMinutes(5);

  private record Count(int times, Instant last) {}

  private final int bound;
  private final Map<String, Count> counts = new HashMap<>();

  FailureCounts(int bound) {
    this.bound = bound;
  }

  /** One more failure; how many in a row that makes, or 0 when there is no place to count it. */
  int failed(String member, Instant now) {
    if (counts.size() >= bound && !counts.containsKey(member)) {
      counts.values().removeIf(count -> isForgotten(count, now));
      if (counts.size() >= bound) {
        return 0;
      }
    }
    Count before = counts.get(member);
    int times = before == null || isForgotten(before, now) ? 1 : before.times() + 1;
    counts.put(member, new Count(times, now));
    return times;
  }

  /** It took effect or was given up. */
  void clear(String member) {
    counts.remove(member);
  }

  private static boolean isForgotten(Count count, Instant now) {
    return count.last().plus(FORGOTTEN).isBefore(now);
  }
}
