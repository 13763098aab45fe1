// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * In whose hands a conversation is or was besides its owner's. Most conversations have {@link
 * #NONE} of it: only those offered to several agents, and those of a workspace with a return timer.
 *
 * @param rivals open offers besides {@link Conversation#offer}, in the order they were made
 * @param returned agents it was taken back from because they did not answer, oldest first
 * @param spoken its owner has written to the customer since it was assigned
 * @param lingered its owner was given the one grace for writing
 */
public record Hands(List<Rival> rivals, List<Agent.Id> returned, boolean spoken, boolean lingered) {

  /** Nobody's but the owner's. */
  public static final Hands NONE = new Hands(List.of(), List.of(), false, false);

  public Hands {
    rivals = List.copyOf(rivals);
    returned = List.copyOf(returned);
  }

  /** A further open offer of the same conversation, and what it costs that agent. */
  public record Rival(Conversation.Offer offer, int cost) {}

  Hands with(Rival rival) {
    List<Rival> more = new ArrayList<>(rivals);
    more.add(rival);
    return new Hands(more, returned, spoken, lingered);
  }

  Hands without(Agent.Id agent) {
    List<Rival> fewer = new ArrayList<>(rivals);
    fewer.removeIf(rival -> rival.offer().agent().equals(agent));
    return new Hands(fewer, returned, spoken, lingered);
  }

  /** No offer is open any more. */
  Hands withoutRivals() {
    return rivals.isEmpty() ? this : new Hands(List.of(), returned, spoken, lingered);
  }

  /** Taken back from this agent. */
  Hands returnedBy(Agent.Id agent) {
    List<Agent.Id> more = new ArrayList<>(returned);
    more.add(agent);
    return new Hands(rivals, more, false, false);
  }

  /** Somebody answers: whoever did not is forgotten. */
  Hands afterAnswer() {
    return new Hands(rivals, List.of(), true, false);
  }

  /** Somebody looked at it and passed it on: the hops begin anew. */
  Hands forgotten() {
    return new Hands(rivals, List.of(), spoken, lingered);
  }

  /** The owner has begun to write. */
  Hands lingering() {
    return new Hands(rivals, returned, spoken, true);
  }

  /** Another owner, who has not written yet. */
  Hands passedOn() {
    return spoken || lingered ? new Hands(rivals, returned, false, false) : this;
  }
}
