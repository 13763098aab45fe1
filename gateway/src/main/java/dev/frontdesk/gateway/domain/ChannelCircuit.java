// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * How sending to one channel's platform went lately. One that failed several sends in a row rests:
 * what is to be sent waits and loses no attempt meanwhile. After the rest one message tries it.
 * Pure.
 *
 * <pre>
 * CLOSED ── failures in a row ──▶ RESTING ── rest over ──▶ one message ──── taken ────▶ CLOSED
 *                                    ▲───── longer rest ───────┘ failure
 * </pre>
 *
 * <p>A failure is a send that ended without the platform's word: no connection, no answer, an
 * answer that does not say what became of the message (504). Taken, and "later, at this time", end
 * a rest. A refusal, a plain "later" and a 5xx change nothing: some refusals are made here, and
 * such messages have their own attempts, whose end their agents are told.
 *
 * @param failures in a row, counted up to {@link #MOST}
 * @param rests how many rests in a row it had
 * @param notBefore when a message may try it, if it rests
 * @param tried whether a message tries it now
 */
public record ChannelCircuit(int failures, int rests, Instant notBefore, boolean tried) {

  /**
   * Failures in a row until it rests: more than the attempts a message has by default, so that one
   * message alone never does it.
   */
  public static final int MOST = 10;

  /** The first rest; each further one is twice as long, up to {@link #LONGEST}. */
  public static final Duration FIRST = Duration.ofSeconds(5);

  /** What a platform that works again is unused for at most. */
  public static final Duration LONGEST = Duration.ofSeconds(60);

  /** It answered last, or was never asked. */
  public static final ChannelCircuit CLOSED = new ChannelCircuit(0, 0, Instant.EPOCH, false);

  /** Whether all but the one message that tries it wait. */
  public boolean isOpen() {
    return failures >= MOST;
  }

  /** Whether a message may be sent now. */
  public boolean admits(Instant now) {
    return !isOpen() || (!tried && !now.isBefore(notBefore));
  }

  /**
   * A message is on its way; nothing changes unless it is the one that tries a resting platform.
   */
  public ChannelCircuit began() {
    return isOpen() ? new ChannelCircuit(failures, rests, notBefore, true) : this;
  }

  /** The message that was on its way never reached the platform: another one may try. */
  public ChannelCircuit abandoned() {
    return tried ? new ChannelCircuit(failures, rests, notBefore, false) : this;
  }

  /**
   * A send failed; of an open circuit only the one that tried it counts.
   *
   * @param jitter from 0 to 1: rests differ by up to half, so that nodes do not try together
   */
  public ChannelCircuit failed(Instant now, double jitter) {
    if (failures + 1 < MOST) {
      return new ChannelCircuit(failures + 1, 0, Instant.EPOCH, false);
    }
    return isOpen() && !tried
        ? this
        : new ChannelCircuit(MOST, rests + 1, now.plus(rest(rests, jitter)), false);
  }

  private static Duration rest(int before, double jitter) {
    long most = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(before, 20));
    return Duration.ofMillis((long) (most * (0.5 + 0.5 * jitter)));
  }
}
