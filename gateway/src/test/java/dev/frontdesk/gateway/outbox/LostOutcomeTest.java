// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store goes away between a platform's answer and the commit that records it. */
class LostOutcomeTest {

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

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(time);
  private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());
  private final ConversationService service =
      new ConversationService(store, new JsonCodec(), time, new Random(1), metrics, 100);
  private final List<String> sent = new ArrayList<>();

  /** What a connector of this test asks for. */
  record NoSettings() {}

  /** Takes everything, and takes the store down while it answers. */
  private final class Taking implements Connector {
    private final boolean deduplicates;

    Taking(boolean deduplicates) {
      this.deduplicates = deduplicates;
    }

    @Override
    public void verify(WebhookRequest request, Instant now) {}

    @Override
    public Decoded decode(WebhookRequest request, Instant now) {
      throw new UnsupportedOperationException("nothing comes in here");
    }

    @Override
    public boolean deduplicatesSends() {
      return deduplicates;
    }

    @Override
    public Future<SendResult> send(OutboundMessage message, Instant now) {
      sent.add(message.id());
      if (sent.size() == 1) {
        store.faults((number, commit) -> CommitFaults.Fault.UNAVAILABLE);
        time.after(Duration.ofSeconds(3), () -> store.faults(CommitFaults.NEVER));
      }
      return Future.succeededFuture(new SendResult.Accepted("ext" + sent.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outcomeThatWasNotRecorded_isRepeatedOnlyWhereThePlatformDeduplicates(boolean repeatable) {
    Channels channels = new Channels();
    channels.replace(
        Map.of(
            "acme",
            Map.of(
                "chat",
                new Channels.Channel(
                    "acme",
                    "chat",
                    "webchat",
                    ChannelFamily.SOCIAL,
                    new Taking(repeatable),
                    Future::succeededFuture))));
    OutboundDispatcher outbox =
        new OutboundDispatcher(
            () -> WORKSPACE, "node", store, service, channels, time, new Random(1), metrics);
    Conversation.Id id = write();
    Desk.now(
        service.apply(
            WORKSPACE,
            id,
            new ConversationEvent.Reply(
                Author.SYSTEM, 0, List.of(new MessageContent.Text("hello")), null),
            null));

    outbox.start();
    time.advance(Duration.ofMinutes(2));
    outbox.stop();

    assertThat(sent).hasSize(repeatable ? 2 : 1);
    assertThat(Desk.now(service.find(WORKSPACE, id)).conversation().outbox()).isEmpty();
    assertThat(Desk.now(service.messages(WORKSPACE, id, 2, 2)).get(0).delivery())
        .isEqualTo(repeatable ? DeliveryStatus.ACCEPTED : DeliveryStatus.UNKNOWN);
  }

  private Conversation.Id write() {
    InboundEvent message =
        InboundEvent.Received.of(
            "m", new ContactRef("u1", null, null), time.now(), new MessageContent.Text("hi"));
    return Desk.now(
            service.receive(WORKSPACE, new ContactKey("chat", "u1", null), List.of(message)))
        .get(0)
        .conversation();
  }
}
