// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bound of dead letters stops the channel that made them, and no other. */
class DeadLetterBoundTest {

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();
  private final List<String> sent = new ArrayList<>();
  private final DeadLetterBox box = new DeadLetterBox(desk.store, service);
  private SendResult answer = new SendResult.Accepted(null);
  private OutboundDispatcher outbox;
  private Conversation.Id id;

  private final class Answering implements Connector {
    @Override
    public void verify(WebhookRequest request, Instant now) {}

    @Override
    public Decoded decode(WebhookRequest request, Instant now) {
      throw new UnsupportedOperationException("nothing comes in here");
    }

    @Override
    public Future<SendResult> send(OutboundMessage message, Instant now) {
      sent.add(message.id());
      return Future.succeededFuture(answer);
    }
  }

  @BeforeEach
  void open() {
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
                    new Answering(),
                    Future::succeededFuture))));
    outbox =
        new OutboundDispatcher(
            () -> WORKSPACE,
            "node",
            desk.store,
            service,
            channels,
            desk.time,
            new Random(1),
            desk.metrics);
    id = ChatDesk.receive(service, desk.message("hi")).conversation();
  }

  private Future<Outcome> reply() {
    return service.apply(
        WORKSPACE,
        id,
        new ConversationEvent.Reply(
            Author.SYSTEM, 0, List.of(new MessageContent.Text("hello")), null),
        null);
  }

  private void answered() {
    Desk.now(reply());
    outbox.start();
    desk.time.advance(Duration.ofSeconds(5));
  }

  private void letters(String channel, long delta) {
    Desk.now(
        desk.store.commit(
            Commit.of("acme", desk.time.now(), Commit.Urgency.RELEASING)
                .write(new Write.HashAdd(WORKSPACE.keys().gauges(), RedisKeys.DEAD_LETTERS, delta))
                .write(
                    new Write.HashAdd(
                        WORKSPACE.keys().gauges(), RedisKeys.deadLettersOf(channel), delta))
                .build()));
  }

  private String count(String field) {
    return Desk.now(desk.store.hashGet(WORKSPACE.keys().gauges(), field));
  }

  @Test
  void send_whileAnotherChannelIsAtTheBound_goesOn() {
    letters("other", WORKSPACE.config().outbox().maxDeadLetters());

    answered();

    assertThat(sent).hasSize(1);
  }

  @Test
  void send_whileItsChannelIsAtTheBound_waitsUntilThereIsRoom() {
    letters("chat", WORKSPACE.config().outbox().maxDeadLetters());
    answered();
    assertThat(sent).isEmpty();

    letters("chat", -1);
    desk.time.advance(OutboundDispatcher.FULL.plusSeconds(5));

    assertThat(sent).hasSize(1);
  }

  /** A node that dies after its claim costs the whole claim, and the figure says so. */
  @Test
  void age_afterAClaimerDied_countsFromWhenTheMessageWasReady() {
    Desk.now(reply());
    Duration claim = WORKSPACE.config().outbox().sendTimeout().plus(OutboundDispatcher.MARGIN);
    assertThat(Desk.now(desk.store.claimDue("acme", WORKSPACE.keys().outbox(), claim, 9)).due())
        .hasSize(1);

    outbox.start();
    desk.time.advance(claim.plusSeconds(2));

    assertThat(sent).hasSize(1);
    assertThat(
            desk.metrics
                .registry()
                .get("frontdesk_outbox_age_seconds")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isBetween((double) claim.toMillis(), claim.toMillis() + 100.0);
  }

  @Test
  void deadLetter_isCountedForItsChannel_untilItIsDeleted() {
    answer = new SendResult.Rejected(SendResult.Cause.CONTENT, "400", "no\nsuch thing");
    answered();

    assertThat(Desk.now(box.list(WORKSPACE)))
        .containsExactly(Map.entry(id + ".2", "400 no\nsuch thing"));
    assertThat(count("deadLetters:chat")).isEqualTo("1");
    assertThat(Desk.now(box.delete(WORKSPACE, id, 2))).isTrue();
    assertThat(count("deadLetters:chat")).isEqualTo("0");
    assertThat(count("deadLetters")).isEqualTo("0");
  }
}
