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
 * RUNNING ── done at or before due ──▶ MET
 *   ▲ │ ├──── done after due, or due passed ──▶ BREACHED (overrun is set by what was done)
 *   │ └─┴──── resolved without an answer ──▶ VOID
 *   └ PAUSED while the customer is to answer: what is left stays, and only what can end a pause
 *     or the conversation ends it
 * </pre>
 *
 * @param spell 1 for the first spell of a conversation, then 2, 3 …
 * @param warnAt when it warns next, or warned last
 * @param warned whether the conversation is at risk: the first warning has passed
 * @param endedAt when it was done or the conversation was resolved, or null
 * @param overrunMs how much too late it was done, 0 while it is not
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
    int answerSeq,
    Course course) {

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

  /**
   * What a clock went through besides running from its start to its target.
   *
   * @param from since when its target counts, null: since it started
   * @param pausedMs open time it stood still, in whole pauses
   * @param remainingMs open time left while it stands still, else -1
   * @param binding a promise that was nearer stays: it is never due later than it is
   */
  public record Course(@Nullable Instant from, long pausedMs, long remainingMs, boolean binding) {
    public static final Course PLAIN = new Course(null, 0, -1, false);
  }

  /** A clock that starts now and is due then. */
  static ResponseClock start(int spell, Instant now, Instant due, Course course) {
    return new ResponseClock(spell, State.RUNNING, now, due, due, false, null, 0, 0, course);
  }

  /** A first response clock that starts now. */
  public static ResponseClock start(int spell, Instant now, ClockPolicy policy) {
    Instant due = policy.hours().plus(now, policy.firstResponse());
    return start(spell, now, due, Course.PLAIN).warning(policy.warnings(now, due, 0).get(0), false);
  }

  /** Whether somebody still waits for what this clock is about. */
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

  /** Since when its target counts. */
  Instant from() {
    Instant from = course.from();
    return from == null ? startedAt : from;
  }

  /** The next warning, and whether one has passed. */
  ResponseClock warning(Instant at, boolean passed) {
    return new ResponseClock(
        spell, state, startedAt, at, dueAt, passed, endedAt, overrunMs, answerSeq, course);
  }

  ResponseClock breached() {
    return ended(State.BREACHED, endedAt, overrunMs, answerSeq);
  }

  /** It was done, by message {@code seq} if that is not 0; a breach stays one. */
  ResponseClock answered(Instant now, int seq) {
    boolean met = state == State.PAUSED || (state == State.RUNNING && !isMissed(now));
    long overrun = Math.max(0, Duration.between(dueAt, now).toMillis());
    return ended(met ? State.MET : State.BREACHED, now, met ? 0 : overrun, seq);
  }

  /** Nobody waits any more though nobody answered; a breach stays one. */
  ResponseClock ended(Instant now) {
    return ended(state == State.BREACHED ? State.BREACHED : State.VOID, now, 0, 0);
  }

  private ResponseClock ended(State verdict, @Nullable Instant at, long overrun, int seq) {
    return new ResponseClock(
        spell,
        verdict,
        startedAt,
        warnAt,
        dueAt,
        warned || verdict == State.BREACHED,
        at,
        overrun,
        seq,
        new Course(course.from(), course.pausedMs(), -1, course.binding()));
  }

  /** The same promise, due at another time. */
  ResponseClock due(Instant due, Course by) {
    return new ResponseClock(
        spell, state, startedAt, warnAt, due, warned, endedAt, overrunMs, answerSeq, by);
  }

  /** It stands still with so much open time left. */
  ResponseClock paused(long remainingMs) {
    Course still = new Course(course.from(), course.pausedMs(), remainingMs, course.binding());
    return in(State.PAUSED, dueAt, still);
  }

  /** It runs again, due then, after it stood still for so much open time. */
  ResponseClock resumed(Instant due, long pausedMs) {
    return in(
        State.RUNNING,
        due,
        new Course(course.from(), course.pausedMs() + pausedMs, -1, course.binding()));
  }

  private ResponseClock in(State next, Instant due, Course by) {
    return new ResponseClock(
        spell, next, startedAt, warnAt, due, warned, endedAt, overrunMs, answerSeq, by);
  }

  /** A breach that somebody still waits behind, in the conversation that follows. */
  ResponseClock carried() {
    return new ResponseClock(
        spell, State.BREACHED, startedAt, warnAt, dueAt, true, null, 0, 0, course);
  }

  /** The next spell, of an answer that was lost: with the deadline that was promised. */
  ResponseClock again() {
    return new ResponseClock(
        spell + 1, State.RUNNING, startedAt, warnAt, dueAt, false, null, 0, 0, course);
  }
}
