// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * How a bot did lately. One that let several conversations down in a row rests: new ones go to
 * people at once, so that each does not wait for its time-out on its own. Pure.
 *
 * <pre>
 * CLOSED ── failures in a row ──▶ RESTING ── rest over ──▶ one conversation ── reply ──▶ CLOSED
 *                                    ▲──────────── failure ─────┘
 * </pre>
 *
 * @param failures in a row: conversations that went to people because it was silent or lost
 * @param failedAt the last of them
 * @param notBefore when a conversation may try it again, if it rests
 */
public record BotCircuit(int failures, Instant failedAt, Instant notBefore) {

  /** It answered last, or was never asked. */
  public static final BotCircuit CLOSED = new BotCircuit(0, Instant.EPOCH, Instant.EPOCH);

  /** After so many failures in a row, the last one then. */
  public static BotCircuit failed(int failures, Instant failedAt, Duration rest) {
    return new BotCircuit(failures, failedAt, failedAt.plus(rest));
  }

  /** Whether new conversations pass it by, except for the one that tries it. */
  public boolean isOpen(int most) {
    return failures >= most;
  }

  /** Whether a new conversation may go to it. */
  public boolean admits(int most, Instant now) {
    return !isOpen(most) || !now.isBefore(notBefore);
  }

  /** A conversation tries it now; the next one may after another rest. */
  public BotCircuit tried(Instant now, Duration rest) {
    return new BotCircuit(failures, failedAt, now.plus(rest));
  }

  /** Whether the two know of the same failures. */
  public boolean isOf(BotCircuit other) {
    return failures == other.failures && failedAt.equals(other.failedAt);
  }
}
