// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.util.Map;

/**
 * The promises of a workspace by name. One that it no longer names weighs 1, is guaranteed nothing,
 * and its target is what its deadline says.
 */
public record PromiseTable(Map<String, PromiseClass> byName) {

  /** Knows no promise. */
  public static final PromiseTable EMPTY = new PromiseTable(Map.of());

  public PromiseTable {
    byName = Map.copyOf(byName);
  }

  /** What keeping this one's promise is worth. */
  double weight(Waiting waiting) {
    PromiseClass known = byName.get(waiting.bucket().promise());
    return known == null ? 1 : known.weight();
  }

  /** The guaranteed share of decisions of this one's promise, 0…1. */
  double minShare(Waiting waiting) {
    PromiseClass known = byName.get(waiting.bucket().promise());
    return known == null ? 0 : known.minShare();
  }

  /** The time that was promised, in milliseconds, 1 at least. */
  long targetMillis(Waiting waiting) {
    PromiseClass known = byName.get(waiting.bucket().promise());
    Duration target =
        known == null ? Duration.between(waiting.arrival(), waiting.due()) : known.target();
    return Math.max(1, target.toMillis());
  }
}
