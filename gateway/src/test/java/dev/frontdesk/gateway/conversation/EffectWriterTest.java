// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.store.Commit;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectWriterTest {

  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private static Set<String> wakeUps(Effect effect) {
    Conversation conversation =
        WORKSPACE
            .rules()
            .open(
                new Conversation.Id("abcdefghABCDEFGHIJKLMN"),
                ChatDesk.KEY,
                new ChatDesk().message("hello"),
                NOW)
            .next();
    Commit.Builder commit = Commit.of(WORKSPACE.id(), NOW, Commit.Urgency.RELEASING);
    new EffectWriter(WORKSPACE, new JsonCodec(), conversation, NOW, commit).effect(effect);
    return commit.build().wakeUps();
  }

  /** The end of a wrap-up writes into no inbox: routers would read everybody again for it. */
  @Test
  void loadThatChanges_namesItsAgent_soThatNobodyElseIsReadAgain() {
    Agent.Id alice = new Agent.Id("alice");

    assertThat(wakeUps(new Effect.LoadReleased(alice, 2))).containsExactly("a:alice", "g");
    assertThat(wakeUps(new Effect.LoadChanged(alice, 2, 1))).containsExactly("a:alice", "g");
  }
}
