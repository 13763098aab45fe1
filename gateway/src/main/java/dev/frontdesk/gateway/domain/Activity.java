// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Load;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Duration;
import java.util.Map;

/**
 * A conversation whose customer does not answer for long occupies its agent less; the customer's
 * next message makes it cost what it did, even if the agent is full by then. Wrapping up costs what
 * the conversation cost at its end.
 */
final class Activity {
  private Activity() {}

  /** Arms, disarms and restores what follows from the state; nothing where it is not configured. */
  static void settle(Draft d) {
    Duration after = d.terms.occupancy().inactiveAfter();
    Load load = d.load();
    if (load != null && !d.stage.isOpen()) {
      d.disarm(Timer.Kind.INACTIVE);
    } else if (load == null || d.stage == Stage.OFFERED || d.unanswered) {
      d.disarm(Timer.Kind.INACTIVE);
      if (load != null && load.isReduced()) {
        d.load(load.at(load.active()));
        d.audit("active", Author.SYSTEM, Map.of());
      }
    } else if (after != null && !load.isReduced() && !d.isArmed(Timer.Kind.INACTIVE)) {
      d.arm(Timer.Kind.INACTIVE, d.now.plus(after));
    }
  }

  /** The agent answered just now: the wait begins again. */
  static void answered(Draft d) {
    d.disarm(Timer.Kind.INACTIVE);
  }

  /** The customer has not answered for long enough. */
  static Transition over(Draft d) {
    Load load = d.load();
    int cost = d.terms.occupancy().inactiveCost();
    if (load != null && d.terms.occupancy().inactiveAfter() != null && cost < load.cost()) {
      d.load(load.at(cost));
      d.audit("inactive", Author.SYSTEM, Map.of());
    }
    return d.done();
  }
}
