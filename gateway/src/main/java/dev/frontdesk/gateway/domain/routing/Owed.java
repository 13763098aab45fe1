// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Bucket;
import java.util.HashMap;
import java.util.Map;

/**
 * Shares of decisions saved up per bucket, in millionths of one decision. Counted per bucket,
 * because decisions for different groups of agents may alternate: a single counter could then
 * always come due in the same group. Immutable; bounded by the number of buckets.
 *
 * @param initial what a bucket begins with; such buckets are not in the map
 */
public record Owed(int initial, Map<Bucket, Integer> shares) {

  /** One whole decision. */
  static final int WHOLE = 1_000_000;

  public Owed {
    shares = Map.copyOf(shares);
  }

  /** A share in millionths. */
  static int share(double share) {
    return (int) Math.round(share * WHOLE);
  }

  int of(Bucket bucket) {
    return shares.isEmpty() ? initial : shares.getOrDefault(bucket, initial);
  }

  /** The same with this bucket owed so much, never less than nothing. */
  Owed with(Bucket bucket, int owed) {
    int bounded = Math.max(0, owed);
    if (of(bucket) == bounded) {
      return this;
    }
    Map<Bucket, Integer> changed = new HashMap<>(shares);
    if (bounded == initial) {
      changed.remove(bucket);
    } else {
      changed.put(bucket, bounded);
    }
    return new Owed(initial, changed);
  }
}
