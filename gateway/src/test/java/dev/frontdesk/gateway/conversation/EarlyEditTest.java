// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit that another node stores just between the load and the commit of its message. */
class EarlyEditTest {

  private static final Workspace WORKSPACE =
      new WorkspaceFactory(name -> ChannelFamily.SOCIAL, new Conditions(), id -> {})
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
                      """)
                  .config())
          .get("acme");
  private static final ContactKey CONTACT = new ContactKey("chat", "u1", null);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(time);

  /** What a connector of this test asks for. */
  record NoSettings() {}

  private ConversationService node() {
    return new ConversationService(
        store,
        new JsonCodec(),
        time,
        new Random(1),
        new GatewayMetrics(new SimpleMeterRegistry()),
        100);
  }

  private InboundEvent.Received message() {
    return InboundEvent.Received.of("m", ref(), time.now(), new MessageContent.Text("first"));
  }

  private InboundEvent.Edited edit(int nth) {
    return new InboundEvent.Edited(
        "e" + nth, ref(), null, time.now().plusMillis(nth), "m", text(nth));
  }

  private static ContactRef ref() {
    return new ContactRef("u1", null, null);
  }

  private static MessageContent.Text text(int nth) {
    return new MessageContent.Text("edit " + nth);
  }

  private Received receive(ConversationService node, InboundEvent event) {
    return Desk.now(node.receive(WORKSPACE, CONTACT, List.of(event))).get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void edit_storedBetweenLoadAndCommitOfItsMessage_isNotLost(int before) {
    ConversationService one = node();
    ConversationService other = node();
    for (int i = 1; i <= before; i++) {
      assertThat(receive(other, edit(i)).kind()).isEqualTo(Received.Kind.PARKED);
    }
    boolean[] raced = new boolean[1];
    store.faults(
        (number, commit) -> {
          if (!raced[0]) {
            raced[0] = true;
            assertThat(receive(other, edit(before + 1)).kind()).isEqualTo(Received.Kind.PARKED);
          }
          return CommitFaults.Fault.NONE;
        });

    Received stored = receive(one, message());

    Message message = Desk.now(one.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0);
    assertThat(message.content()).isEqualTo(text(before + 1));
    assertThat(Desk.now(store.hashAll(WORKSPACE.keys().parkedCount(digest())))).isEmpty();
  }

  @Test
  void edit_afterItsMessage_isApplied() {
    ConversationService node = node();
    Received stored = receive(node, message());

    assertThat(receive(node, edit(1)).kind()).isEqualTo(Received.Kind.STORED);

    assertThat(Desk.now(node.messages(WORKSPACE, stored.conversation(), 1, 1)).get(0).content())
        .isEqualTo(text(1));
  }

  private static String digest() {
    return EffectWriter.digest("chat", "m");
  }
}
