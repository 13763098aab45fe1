// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.Commit;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectWriterTest {

  private static final Conversation.Id ID = new Conversation.Id("abcdefghABCDEFGHIJKLMN");
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private static Set<String> wakeUps(Effect effect) {
    Conversation conversation =
        WORKSPACE.rules().open(ID, ChatDesk.KEY, new ChatDesk().message("hello"), NOW).next();
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

  @Test
  void message_wakesVisitorsAndBots_whereOnlyTheyFollow() {
    assertThat(wakeUps(ChannelFamily.SOCIAL, "")).isEmpty();
    assertThat(wakeUps(ChannelFamily.WEBCHAT, "")).containsExactly("c:" + ID);
    assertThat(
            wakeUps(
                ChannelFamily.SOCIAL,
                "bots: { faq: { token: faq-token-0123456789abcdef, channels: [chat] } }"))
        .contains("c:" + ID);
  }

  /** What the first message of a conversation wakes, besides what its own effects do. */
  private static Set<String> wakeUps(ChannelFamily family, String bots) {
    Workspace workspace =
        new WorkspaceFactory(name -> family, new Conditions(), id -> {})
            .workspaces(
                new ConfigLoader(Map.of(), name -> NoSettings.class, RuleCheck.none())
                    .parse(
                        """
                        workspaces:
                          acme:
                            channels: { chat: { connector: webchat } }
                            promises: { normal: { firstResponse: 1h } }
                            defaults: { queue: support, promise: normal }
                            queues: { support: {} }
                            %s
                        """
                            .replace("%s", bots))
                    .config())
            .get("acme");
    var opened = workspace.rules().open(ID, ChatDesk.KEY, new ChatDesk().message("hello"), NOW);
    Commit.Builder commit = Commit.of(workspace.id(), NOW, Commit.Urgency.INTAKE);
    EffectWriter writer = new EffectWriter(workspace, new JsonCodec(), opened.next(), NOW, commit);
    opened.effects().stream()
        .filter(effect -> effect instanceof Effect.MessageAppended)
        .forEach(writer::effect);
    return commit.build().wakeUps();
  }

  /** What the channel's connector asks for. */
  record NoSettings() {}
}
