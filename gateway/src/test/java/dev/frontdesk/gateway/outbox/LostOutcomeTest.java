// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.memory.CommitFaults;
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

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();
  private final List<String> sent = new ArrayList<>();

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
        desk.store.faults((number, commit) -> CommitFaults.Fault.UNAVAILABLE);
        desk.time.after(Duration.ofSeconds(3), () -> desk.store.faults(CommitFaults.NEVER));
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
            () -> WORKSPACE,
            "node",
            desk.store,
            service,
            channels,
            desk.time,
            new Random(1),
            desk.metrics);
    Conversation.Id id = ChatDesk.receive(service, desk.message("hi")).conversation();
    Desk.now(
        service.apply(
            WORKSPACE,
            id,
            new ConversationEvent.Reply(
                Author.SYSTEM, 0, List.of(new MessageContent.Text("hello")), null),
            null));

    outbox.start();
    desk.time.advance(Duration.ofMinutes(2));
    outbox.stop();

    assertThat(sent).hasSize(repeatable ? 2 : 1);
    assertThat(Desk.now(service.find(WORKSPACE, id)).conversation().outbox()).isEmpty();
    assertThat(Desk.now(service.messages(WORKSPACE, id, 2, 2)).get(0).delivery())
        .isEqualTo(repeatable ? DeliveryStatus.ACCEPTED : DeliveryStatus.UNKNOWN);
  }
}
