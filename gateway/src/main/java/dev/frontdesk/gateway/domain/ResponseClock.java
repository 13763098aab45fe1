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
 * @param endedAt when the answer came or the conversation was resolved, or null
 * @param overrunMs how much too late the answer was, 0 while there is none
 * @param answerSeq the message that answered, or 0
 */
public record ResponseClock(
    int spell,
    State state,
    Instant startedAt,
    Instant warnAt,
    Instant dueAt,
    boolean warned,
    @Nullable Instant endedAt,
    long overrunMs,
    int answerSeq) {

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
  public static ResponseClock start(int spell, Instant now, ClockPolicy policy) {
    Instant due = policy.hours().plus(now, policy.firstResponse());
    Instant warn = policy.warnings(now, due).get(0);
    return new ResponseClock(spell, State.RUNNING, now, warn, due, false, null, 0, 0);
  }

  /** Whether somebody still waits for the answer this clock is about. */
  public boolean isOpen() {
    return endedAt == null;
  }

  /** Whether the deadline was missed at {@code now}: a millisecond after it, not at it. */
  public boolean isMissed(Instant now) {
    return now.isAfter(dueAt);
  }

  /** The first instant at which it is missed. */
  public Instant missedAt() {
    return dueAt.plusMillis(1);
  }

  ResponseClock atRisk() {
    return new ResponseClock(
        spell, state, startedAt, warnAt, dueAt, true, endedAt, overrunMs, answerSeq);
  }

  ResponseClock breached() {
    return new ResponseClock(
        spell, State.BREACHED, startedAt, warnAt, dueAt, true, endedAt, overrunMs, answerSeq);
  }

  /** The answer came; a breach stays one. */
  ResponseClock answered(Instant now, int seq) {
    boolean met = state == State.RUNNING && !isMissed(now);
    long overrun = Math.max(0, Duration.between(dueAt, now).toMillis());
    return new ResponseClock(
        spell,
        met ? State.MET : State.BREACHED,
        startedAt,
        warnAt,
        dueAt,
        warned || !met,
        now,
        met ? 0 : overrun,
        seq);
  }

  /** Nobody waits any more though nobody answered; a breach stays one. */
  ResponseClock ended(Instant now) {
    return new ResponseClock(
        spell,
        state == State.BREACHED ? State.BREACHED : State.VOID,
        startedAt,
        warnAt,
        dueAt,
        warned,
        now,
        0,
        0);
  }

  /** The same promise with a deadline that is earlier, or the same. */
  ResponseClock notAfter(Instant due, Instant warn) {
    return new ResponseClock(
        spell,
        state,
        startedAt,
        warn.isBefore(warnAt) ? warn : warnAt,
        due.isBefore(dueAt) ? due : dueAt,
        warned,
        endedAt,
        overrunMs,
        answerSeq);
  }

  /** The next spell, of an answer that was lost: with the deadline that was promised. */
  ResponseClock again(Instant now) {
    return new ResponseClock(
        spell + 1, State.RUNNING, startedAt, warnAt, dueAt, !now.isBefore(warnAt), null, 0, 0);
  }
}
