// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import java.util.TreeMap;

/**
 * Response times in quarter octaves: bucket 0 below 2 ms, else {@code floor(4·log2(ms))}, so a
 * bucket is 19 % wide and its middle is at most 9.1 % off. Not thread-safe.
 */
final class ResponseHistogram {

  private static final double PER_OCTAVE = 4;

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long total;

  /** The bucket a response time falls into. */
  static int bucketOf(long millis) {
    return millis < 1
        ? 0
        : (int) Math.floor(PER_OCTAVE * Math.log((double) millis) / Math.log(2) + 1e-9);
  }

  void add(int bucket, long count) {
    counts.merge(bucket, count, Long::sum);
    total += count;
  }

  long total() {
    return total;
  }

  /** The time that a share of responses did not exceed, seconds; 0 when there are none. */
  double seconds(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) {
        return Math.round(Math.pow(2, (entry.getKey() + 0.5) / PER_OCTAVE)) / 1000.0;
      }
    }
    return 0;
  }
}
