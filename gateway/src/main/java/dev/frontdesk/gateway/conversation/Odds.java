// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether guessing pays, learnt from how the last guesses turned out: a right one saves a load, a
 * wrong one costs a commit that is refused. Guesses while at least every second one of about the
 * last 32 was right, else now and then to learn whether that changed. Thread-safe.
 */
final class Odds {

  private static final int CERTAIN = 1 << 16;
  private static final int MEMORY = 32;
  private static final int TRY_AGAIN_AFTER = 64;

  private final AtomicInteger right = new AtomicInteger(CERTAIN);
  private final AtomicInteger passed = new AtomicInteger();

  /** Whether to guess now. */
  boolean worthIt() {
    return right.get() >= CERTAIN / 2 || passed.incrementAndGet() % TRY_AGAIN_AFTER == 0;
  }

  /** How a guess turned out. */
  void told(boolean wasRight) {
    right.updateAndGet(now -> now + ((wasRight ? CERTAIN : 0) - now) / MEMORY);
  }
}
