// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets a program rest that failed several times in a row; after the rest one question at a time
 * tries it, and the first answer ends it. Thread-safe.
 *
 * <pre>
 * CLOSED ── failures in a row ──▶ RESTING ── rest over ──▶ one question ── answer ──▶ CLOSED
 *                                    ▲────────── failure ──────┘
 * </pre>
 *
 * <p>Written here: resilience4j's breaker counts shares in a sliding window and brings its own
 * clock and event publishers for what is one number and one instant.
 */
final class Circuit {

  private static final State CLOSED = new State(0, Instant.MIN);

  private final int most;
  private final Duration rest;
  private final AtomicReference<State> state = new AtomicReference<>(CLOSED);

  private record State(int failures, Instant notBefore) {}

  Circuit(int most, Duration rest) {
    this.most = most;
    this.rest = rest;
  }

  /** Whether it may be asked now; after a rest only the first who asks may. */
  boolean admits(Instant now) {
    State seen = seen();
    if (seen.failures() < most) {
      return true;
    }
    return !now.isBefore(seen.notBefore())
        && state.compareAndSet(seen, new State(seen.failures(), now.plus(rest)));
  }

  void answered() {
    state.set(CLOSED);
  }

  void failed(Instant now) {
    for (State seen = seen(); ; seen = seen()) {
      State next = new State(Math.min(most, seen.failures() + 1), now.plus(rest));
      if (state.compareAndSet(seen, next)) {
        return;
      }
    }
  }

  private State seen() {
    return Objects.requireNonNull(state.get());
  }
}
