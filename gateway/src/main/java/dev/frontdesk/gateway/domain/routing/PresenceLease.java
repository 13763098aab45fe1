// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Duration;
import java.time.Instant;

/**
 * How long an agent counts as being there without being heard of. Pure.
 *
 * <pre>
 * OFFLINE ── PUT presence ──▶ available, busy, away ── poll ──▶ same, a term longer
 *    ▲                                  │
 *    └──── lapse, PUT offline ──────────┘ generation + 1
 * </pre>
 *
 * @param until end of the lease; while offline when it ended: never later than the agent left
 * @param generation rises when the agent leaves; what was decided before is then refused. 0: never
 *     seen
 */
public record PresenceLease(Agent.Presence presence, Instant until, int generation) {

  /** Longest poll (55 s, contract §5) + 20 s; an agent may have a longer one. */
  public static final Duration TERM = Duration.ofSeconds(75);

  /** A renewal that gains less than this is not worth a commit. */
  public static final Duration WORTHWHILE = Duration.ofSeconds(5);

  /** An agent that was never seen. */
  public static final PresenceLease NEVER =
      new PresenceLease(Agent.Presence.OFFLINE, Instant.EPOCH, 0);

  /** Whether the agent is there at all: available, busy or away, and the lease has not ended. */
  public boolean isLive(Instant now) {
    return presence != Agent.Presence.OFFLINE && until.isAfter(now);
  }

  /** Whether the agent takes offers. */
  public boolean takesOffers(Instant now) {
    return presence == Agent.Presence.AVAILABLE && until.isAfter(now);
  }

  /** Whether a poll at {@code now} moves the end far enough. Nothing revives an offline agent. */
  public boolean isWorthRenewing(Instant now, Duration term) {
    return presence != Agent.Presence.OFFLINE && now.plus(term).isAfter(until.plus(WORTHWHILE));
  }

  /** A full term from now; never shorter than it was. */
  public PresenceLease renewed(Instant now, Duration term) {
    Instant end = now.plus(term);
    return new PresenceLease(presence, end.isAfter(until) ? end : until, generation);
  }

  /** What the agent says now. Leaving ends the generation; the first time begins with 1. */
  public PresenceLease saying(Agent.Presence said, Instant now, Duration term) {
    if (said == Agent.Presence.OFFLINE) {
      return presence == Agent.Presence.OFFLINE ? this : left(now);
    }
    return new PresenceLease(said, now.plus(term), Math.max(1, generation));
  }

  /** The agent is gone: was not heard of until its lease ended. */
  public PresenceLease lapsed() {
    return new PresenceLease(Agent.Presence.OFFLINE, until, generation + 1);
  }

  /** The agent leaves now, so its lease does not run on: nothing may be charged to it. */
  private PresenceLease left(Instant now) {
    return new PresenceLease(
        Agent.Presence.OFFLINE, until.isBefore(now) ? until : now, generation + 1);
  }
}
