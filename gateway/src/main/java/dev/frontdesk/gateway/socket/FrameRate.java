// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import java.util.function.LongSupplier;

/**
 * How many frames a socket may still send: a sustained rate, and twice that saved up. Written here
 * because Guava's limiter waits instead of refusing and Bucket4j would be a dependency for twenty
 * lines. Not thread-safe: belongs to the socket's context.
 */
final class FrameRate {

  private static final double NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier nanos;
  private double left;
  private long at;

  FrameRate(int perSecond) {
    this(perSecond, System::nanoTime);
  }

  FrameRate(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.left = 2.0 * perSecond;
    this.at = nanos.getAsLong();
  }

  /** Uses up one frame; false when there is none left. */
  boolean take() {
    long now = nanos.getAsLong();
    left = Math.min(2.0 * perSecond, left + (now - at) / NANOS * perSecond);
    at = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
