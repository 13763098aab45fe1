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
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store goes away between a platform's answer and the commit that records it. */
class LostOutcomeTest {

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();
  private final List<String> sent = new ArrayList<>();

  /** Takes everything, and does something while it answers the first time. */
  private final class Taking implements Connector {
    private final boolean deduplicates;
    private final Runnable meanwhile;

    Taking(boolean deduplicates, Runnable meanwhile) {
      this.deduplicates = deduplicates;
      this.meanwhile = meanwhile;
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
        meanwhile.run();
      }
      return Future.succeededFuture(new SendResult.Accepted("ext" + sent.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outcomeThatWasNotRecorded_isRepeatedOnlyWhereThePlatformDeduplicates(boolean repeatable) {
    OutboundDispatcher outbox = outbox(new Taking(repeatable, this::takeStoreDown), service);
    Conversation.Id id = replied();

    outbox.start();
    desk.time.advance(Duration.ofMinutes(2));
    outbox.stop();

    assertThat(sent).hasSize(repeatable ? 2 : 1);
    assertThat(Desk.now(service.find(WORKSPACE, id)).conversation().outbox()).isEmpty();
    assertThat(Desk.now(service.messages(WORKSPACE, id, 2, 2)).get(0).delivery())
        .isEqualTo(repeatable ? DeliveryStatus.ACCEPTED : DeliveryStatus.UNKNOWN);
  }

  /** G-05: the node stands still between its commit that the send begins and the send. */
  @Test
  void sendThatWouldOutliveItsClaim_doesNotBegin() {
    Conversation.Id id = replied();
    Duration still =
        WORKSPACE.config().outbox().sendTimeout().plus(OutboundDispatcher.MARGIN).plusSeconds(1);
    AtomicBoolean stood = new AtomicBoolean();
    Store store =
        after(
            "commit",
            () -> {
              if (stood.compareAndSet(false, true)) {
                desk.time.advance(still);
              }
            });
    OutboundDispatcher outbox =
        outbox(
            new Taking(false, () -> {}),
            new ConversationService(
                store, new JsonCodec(), desk.time, new Random(1), desk.metrics, 100));

    outbox.start();
    desk.time.advance(Duration.ofMinutes(2));
    outbox.stop();

    assertThat(stood).isTrue();
    assertThat(sent("retry")).isOne();
    assertThat(sent("accepted")).isOne();
    assertThat(sent).hasSize(1);
    assertThat(Desk.now(service.messages(WORKSPACE, id, 2, 2)).get(0).delivery())
        .isEqualTo(DeliveryStatus.ACCEPTED);
  }

  private long sent(String outcome) {
    return (long)
        desk.metrics
            .registry()
            .counter(
                "frontdesk_sent",
                "workspace",
                WORKSPACE.id(),
                "channel",
                "chat",
                "outcome",
                outcome)
            .count();
  }

  private void takeStoreDown() {
    desk.store.faults((number, commit) -> CommitFaults.Fault.UNAVAILABLE);
    desk.time.after(Duration.ofSeconds(3), () -> desk.store.faults(CommitFaults.NEVER));
  }

  /** The store, and something that happens when a call of it is done and before that is heard. */
  private Store after(String call, Runnable meanwhile) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(desk.store, arguments);
              if (method.getName().equals(call)) {
                meanwhile.run();
              }
              return result;
            });
  }

  private OutboundDispatcher outbox(Connector connector, ConversationService conversations) {
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
                    connector,
                    Future::succeededFuture))));
    return new OutboundDispatcher(
        () -> WORKSPACE,
        "node",
        desk.store,
        conversations,
        channels,
        desk.time,
        new Random(1),
        desk.metrics);
  }

  /** A conversation with an answer that waits to be sent. */
  private Conversation.Id replied() {
    Conversation.Id id = ChatDesk.receive(service, desk.message("hi")).conversation();
    Desk.now(
        service.apply(
            WORKSPACE,
            id,
            new ConversationEvent.Reply(
                Author.SYSTEM, 0, List.of(new MessageContent.Text("hello")), null),
            null));
    return id;
  }
}
