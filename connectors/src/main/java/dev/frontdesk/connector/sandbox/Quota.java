// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A platform's rate limit: per key a bucket of {@code burst} tokens that fills in {@code refill}.
 * Used on one event loop.
 */
final class Quota {

  private static final int MAX_KEYS = 100_000;

  private final double burst;
  private final double perMilli;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_KEYS;
        }
      };

  Quota(int burst, Duration refill) {
    this.burst = burst;
    this.perMilli = burst / (double) refill.toMillis();
  }

  /** Takes a token if there is one. */
  boolean take(String key, Instant now) {
    Bucket bucket = buckets.computeIfAbsent(key, k -> new Bucket(burst, now));
    double filled =
        bucket.tokens + Math.max(0, Duration.between(bucket.at, now).toMillis()) * perMilli;
    double tokens = Math.min(burst, filled);
    boolean has = tokens >= 1;
    buckets.put(key, new Bucket(has ? tokens - 1 : tokens, now));
    return has;
  }

  private record Bucket(double tokens, Instant at) {}
}
