// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import java.util.List;
import java.util.Objects;

/** Gives conversations to somebody, whoever has them, and shorter promises. */
final class Supervisor {

  private static final Author SUE = Author.agent(new Agent.Id("sue"));

  private final World world;

  Supervisor(World world) {
    this.world = world;
  }

  void promise() {
    act(new ConversationEvent.ChangePromise(SUE, world.oneOf(List.of("urgent", "normal", "slow"))));
  }

  /** Takes care of what was escalated, if anything was. */
  void acknowledge() {
    act(new ConversationEvent.Acknowledge(SUE));
  }

  void assign() {
    Agent agent = Objects.requireNonNull(world.workspace.agents().get(world.oneOf(Desk.agents())));
    AgentRow row =
        AgentRow.of(Now.of(world.store.hashAll(world.workspace.keys().agent(agent.id()))));
    act(
        new ConversationEvent.Assign(
            new ConversationEvent.AgentFence(
                agent.id(), row.lease().generation(), agent.capacity()),
            1,
            SUE,
            new ConversationEvent.Explanation("assign", List.of(), 0),
            world.random.nextBoolean()));
  }

  private void act(ConversationEvent event) {
    List<String> all = List.copyOf(world.journal.states.keySet());
    if (all.isEmpty()) {
      return;
    }
    Conversation.Id id = new Conversation.Id(world.oneOf(all));
    world
        .anyNode()
        .service
        .apply(world.workspace, id, event, null)
        .onComplete(done -> world.trail.add("sue", id + " " + event.getClass().getSimpleName()));
  }
}
