// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.time.Duration;

/**
 * How many replicas must have a write before it counts as done, and how long is waited for them.
 *
 * @param replicas 0: none is waited for
 * @param within 1 ms to half the command time-out
 */
public record Copies(int replicas, Duration within) {

  /** A write is done when its master says so. */
  public static final Copies NONE = new Copies(0, Duration.ZERO);

  boolean awaited() {
    return replicas > 0;
  }
}
