// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A promise running: one spell from start to its one verdict. Pure; exactly at the deadline is met.
 *
 * <pre>
 * RUNNING ── answered at or before due ──▶ MET
 *    │ ├──── answered after due, or due passed ──▶ BREACHED (overrun is set by the answer)
 *    └─┴──── resolved without an answer ──▶ VOID
 * </pre>
 *
 * @param spell 1 for the first spell of a conversation, then 2, 3 …
 * @param warnAt when the conversation becomes at risk
 * @param endedAt when the answer came or the clock was voided, or null
 * @param overrunMs how much too late the answer was, 0 while there is none
 */
public record ResponseClock(
    int spell,
    State state,
    Instant startedAt,
    Instant warnAt,
    Instant dueAt,
    boolean warned,
    @Nullable Instant endedAt,
    long overrunMs) {

  public enum State {
    RUNNING,
    PAUSED,
    MET,
    BREACHED,
    VOID;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A clock that starts now. */
  public static ResponseClock start(int spell, Instant now, Duration target, double warnShare) {
    Instant due = now.plus(target);
    Instant warn = now.plusMillis((long) (target.toMillis() * warnShare));
    return new ResponseClock(spell, State.RUNNING, now, warn, due, false, null, 0);
  }
}
