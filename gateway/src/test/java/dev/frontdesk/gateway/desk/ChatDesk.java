// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.desk;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A workspace with one channel {@code chat} and one contact, on a store in memory with a time of
 * its own; any number of nodes.
 */
public final class ChatDesk {

  public static final Workspace WORKSPACE =
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

  public static final ContactRef CONTACT = new ContactRef("u1", null, null);
  public static final ContactKey KEY = new ContactKey("chat", CONTACT.externalId(), null);

  public final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
  public final InMemoryStore store = new InMemoryStore(time);
  public final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());

  /** What the channel's connector asks for. */
  record NoSettings() {}

  /** Another node's service on the same store. */
  public ConversationService node() {
    return new ConversationService(store, new JsonCodec(), time, new Random(1), metrics, 100);
  }

  /** A message of the contact with the platform's id {@code m}. */
  public InboundEvent.Received message(String text) {
    return message("m", text);
  }

  /** A message of the contact. */
  public InboundEvent.Received message(String key, String text) {
    return InboundEvent.Received.of(key, CONTACT, time.now(), new MessageContent.Text(text));
  }

  /** What a node makes of one event of the contact. */
  public static Received receive(ConversationService node, InboundEvent event) {
    return Desk.now(node.receive(WORKSPACE, KEY, List.of(event))).get(0);
  }
}
