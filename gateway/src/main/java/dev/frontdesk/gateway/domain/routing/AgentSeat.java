// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Instant;

/**
 * An agent who is there, as a decision sees it.
 *
 * @param generation of the presence; a decision made with an older one is refused by its commit
 * @param load sum of the costs of what the agent holds or is being offered
 * @param idleSince since when the agent holds less than before
 */
public record AgentSeat(Agent agent, int generation, int load, Instant idleSince) {

  /** Whether one more of that cost fits. */
  public boolean hasRoomFor(int cost) {
    return load + cost <= agent.capacity();
  }

  /** 0 free … 1 full. */
  public double relativeLoad() {
    return agent.capacity() <= 0 ? 1 : (double) load / agent.capacity();
  }

  /** The same agent with one more conversation. */
  public AgentSeat charged(int cost) {
    return new AgentSeat(agent, generation, load + cost, idleSince);
  }

  /** The agent's id. */
  public Agent.Id id() {
    return agent.id();
  }
}
