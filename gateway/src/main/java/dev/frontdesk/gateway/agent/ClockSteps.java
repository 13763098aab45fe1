// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.store.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Notices when the store's clock jumps against this machine's monotonic one. Thread-safe; a jump is
 * seen at the next look, so look often while leases run.
 */
final class ClockSteps {

  /** A smaller jump is shorter than the slack of a lease (design §6). */
  private static final Duration STEP = Duration.ofSeconds(2);

  /** Clocks drift apart by 0.05 % at most while NTP slews; twice that is allowed. */
  private static final double DRIFT = 0.001;

  private final StoreClock clock;
  private final LongSupplier nanos;
  private final AtomicReference<Look> last;

  ClockSteps(StoreClock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.last = new AtomicReference<>(new Look(clock.now(), nanos.getAsLong(), Instant.EPOCH));
  }

  private record Look(Instant at, long nanos, Instant steppedAt) {
    Look next(Instant now, long nowNanos) {
      long expected = nowNanos - nanos;
      long seen = Duration.between(at, now).toNanos();
      boolean stepped = Math.abs(seen - expected) > STEP.toNanos() + expected * DRIFT;
      return new Look(now, nowNanos, stepped ? now : steppedAt);
    }
  }

  /** Looks at both clocks. */
  void look() {
    last.updateAndGet(look -> look.next(clock.now(), nanos.getAsLong()));
  }

  /** Store time just after the newest jump, or {@link Instant#EPOCH}. */
  Instant newest() {
    look();
    return Objects.requireNonNull(last.get()).steppedAt();
  }
}
