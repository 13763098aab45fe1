// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import java.time.Instant;
import java.util.Map;

/**
 * A customer whom the platform lets nobody answer: the window is over, or its messages are used up.
 *
 * <ol>
 *   <li>The clocks of what only a message can keep stand still from the very end of the window,
 *       whenever it is noticed, until the customer writes; what was missed before that is breached.
 *   <li>Whoever has it is told, and so are live views and endpoints, once each time.
 *   <li>One timer stands for the end of the window, and only where a platform sets one; it is not
 *       moved by each message, but armed again when it finds the window longer.
 * </ol>
 */
final class ReachRules {

  /** What agents and the history are told. */
  static final String UNREACHABLE = "unreachable-by-channel";

  private ReachRules() {}

  /** Whether nobody can answer the conversation at that time though it is open. */
  static boolean isCutOff(Conversation c, Instant at) {
    return c.stage().isOpen() && !c.window().isOpen(at);
  }

  /** The same of a draft, now. */
  static boolean isCutOff(Draft d) {
    return d.stage.isOpen() && !d.window.isOpen(d.now);
  }

  /** Since when its window is over, if it is: its end, else now. */
  static Instant closedAt(Draft d) {
    Instant until = d.window.until();
    return until == null || until.isAfter(d.now) ? d.now : until;
  }

  /** Before verdicts are given: clocks that outlived the window stand since it ended. */
  static void stand(Draft d) {
    Instant until = d.window.until();
    if (until == null || until.isAfter(d.now) || !d.stage.isOpen()) {
      return;
    }
    for (ClockKind kind : ClockKind.values()) {
      ResponseClock clock = d.clock(kind);
      if (kind.isAnswered()
          && clock != null
          && clock.state() == State.RUNNING
          && !clock.isMissed(until)) {
        ClockChanges.pause(d, kind, clock, until);
      }
    }
  }

  /** At the end of an event: tells what it changed, and arms the end of the window. */
  static void settle(Draft d) {
    boolean cutOff = isCutOff(d);
    if (cutOff != d.wasCutOff()) {
      if (cutOff) {
        tell(d);
      } else if (d.stage.isOpen()) {
        d.audit("reachable", Author.SYSTEM, Map.of());
      }
    }
    Instant until = d.window.until();
    if (!d.stage.isOpen()) {
      d.disarm(Timer.Kind.WINDOW);
    } else if (until != null && until.isAfter(d.now) && !d.isArmed(Timer.Kind.WINDOW)) {
      d.arm(Timer.Kind.WINDOW, until);
    }
  }

  private static void tell(Draft d) {
    String cause = d.window.cause(d.now);
    d.audit(UNREACHABLE, Author.SYSTEM, Map.of("cause", cause, "at", closedAt(d).toString()));
    d.announce("conversation.unreachable", Map.of("queue", d.triage.queue(), "cause", cause));
    d.tell(Change.UPDATED, 0, UNREACHABLE);
  }
}
