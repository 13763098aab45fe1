// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A conversation given by hand to somebody who said goodbye: their term would still run on. */
class GoneHomeTest {

  private static final Agent.Id SUE = new Agent.Id("sue");

  private final World world =
      new Simulation(8, new GatewayMetrics(new SimpleMeterRegistry())).disturb(40).world;
  private final Node node = world.nodes.get(0);

  @BeforeEach
  void calm() {
    world.faults.end();
    world.time.advance(Duration.ofSeconds(10));
  }

  private void says(Agent.Presence presence) {
    node.presence.say(world.workspace, SUE, presence);
    world.time.advance(Duration.ofSeconds(1));
  }

  private AgentRow row() {
    return AgentRow.of(Now.of(world.store.hashAll(world.workspace.keys().agent(SUE))));
  }

  private Outcome assigned() {
    Conversation open =
        world.journal.states.values().stream()
            .filter(c -> c.stage().isOpen())
            .findFirst()
            .orElseThrow();
    var given =
        node.service.apply(
            world.workspace,
            open.id(),
            new ConversationEvent.Assign(
                new ConversationEvent.AgentFence(SUE, row().lease().generation(), 4),
                1,
                Author.agent(SUE),
                new ConversationEvent.Explanation("assign", List.of(), 0),
                true),
            null);
    world.time.advance(Duration.ofSeconds(2));
    return given.result();
  }

  @Test
  void assignment_toSomebodyWhoLeft_isRefused_beforeTheGraceAndAfterIt() {
    says(Agent.Presence.AVAILABLE);
    says(Agent.Presence.OFFLINE);

    Outcome soon = assigned();
    world.time.advance(world.workspace.config().routing().vanishGrace().plusSeconds(5));
    Outcome late = assigned();

    for (Outcome outcome : List.of(soon, late)) {
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).refusal().code()).isEqualTo(Refusal.Code.AGENT_GONE);
    }
    assertThat(row().load()).isZero();
  }

  @Test
  void assignment_toSomebodyWhoIsThere_isMade() {
    says(Agent.Presence.BUSY);

    assertThat(assigned()).isInstanceOf(Outcome.Applied.class);
    assertThat(row().load()).isEqualTo(1);
  }
}
