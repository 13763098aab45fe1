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
 * @param more conversations that may be added now, whatever they cost; {@link #ANY} but while the
 *     agent warms up
 */
public record AgentSeat(Agent agent, int generation, int load, Instant idleSince, int more) {

  /** As many as there is room for. */
  public static final int ANY = Integer.MAX_VALUE;

  /** An agent who does not warm up. */
  public AgentSeat(Agent agent, int generation, int load, Instant idleSince) {
    this(agent, generation, load, idleSince, ANY);
  }

  /** Whether one more of that cost fits. */
  public boolean hasRoomFor(int cost) {
    return cost <= free();
  }

  /** What still fits, in costs. */
  int free() {
    return more <= 0 ? 0 : agent.capacity() - load;
  }

  /** 0 free … 1 full. */
  public double relativeLoad() {
    return agent.capacity() <= 0 ? 1 : (double) load / agent.capacity();
  }

  /** The same agent with one more conversation. */
  public AgentSeat charged(int cost) {
    return new AgentSeat(agent, generation, load + cost, idleSince, more == ANY ? ANY : more - 1);
  }

  /**
   * The sum of costs that one more conversation may come to: the capacity, but while warming up no
   * more than was there when this was decided, so that two decisions cannot both add one.
   */
  public int bound(int cost) {
    return more == ANY ? agent.capacity() : Math.min(agent.capacity(), load + cost);
  }

  /** The agent's id. */
  public Agent.Id id() {
    return agent.id();
  }
}
