// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.Map;

/**
 * The time an agent needs after resolving: nobody owns the conversation any more, its capacity
 * stays charged. Ends once: by the agent, by its timer, or by the customer who writes again.
 */
final class WrapUpRules {
  private WrapUpRules() {}

  /** Resolved: out of every hand, but charged for a while to the agent who did it. */
  static void setDown(Draft d, Author by) {
    Duration wrapUp = d.terms.offers().wrapUp();
    if (by.kind() == Author.Kind.AGENT && !wrapUp.isZero()) {
      d.wrapUp(d.now.plus(wrapUp));
    } else {
      d.setDown();
    }
  }

  /** The agent says so before the time is over. */
  static Transition done(Draft d, Agent.Id agent) {
    return agent.equals(d.wrappingUp()) ? over(d) : d.unchanged();
  }

  /** The capacity it took becomes free. */
  static Transition over(Draft d) {
    Agent.Id agent = d.wrappingUp();
    d.discharge();
    if (agent != null) {
      d.audit("wrapped-up", Author.agent(agent), Map.of());
    }
    return d.done();
  }
}
