// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ChannelCircuit;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** O-06: thousands of replies wait for a platform that says nothing, others go on. */
class SilentPlatformTest {

  private static final int REPLIES = 3_000;

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();
  private final AtomicLong asked = new AtomicLong();
  private boolean storeIsAway;
  private final Platform silent = new Platform();
  private final Platform lively = new Platform();
  private OutboundDispatcher outbox;

  /** Takes all it gets at once, unless it is silent: then no send ends by its doing. */
  private final class Platform implements Connector {
    private final List<String> taken = new ArrayList<>();
    private boolean isSilent;
    private boolean refuses;
    private Duration takes = Duration.ZERO;
    private int calls;
    private int onTheirWay;
    private int most;

    @Override
    public void verify(WebhookRequest request, Instant now) {}

    @Override
    public Decoded decode(WebhookRequest request, Instant now) {
      throw new UnsupportedOperationException("nothing comes in here");
    }

    @Override
    public Future<SendResult> send(OutboundMessage message, Instant now) {
      calls++;
      most = Math.max(most, ++onTheirWay);
      Promise<SendResult> answer = Promise.promise();
      Duration wait = isSilent ? WORKSPACE.config().outbox().sendTimeout() : takes;
      SendResult result =
          isSilent
              ? SendResult.Retry.unreached("no connection")
              : refuses
                  ? new SendResult.Rejected(SendResult.Cause.CONTENT, "too-long", "too long")
                  : new SendResult.Accepted(message.id());
      desk.time.after(
          wait,
          () -> {
            onTheirWay--;
            if (result instanceof SendResult.Accepted) {
              taken.add(message.id());
            }
            answer.complete(result);
          });
      return answer.future();
    }
  }

  @BeforeEach
  void open() {
    Channels channels = new Channels();
    channels.replace(
        Map.of("acme", Map.of("chat", channel("chat", silent), "mail", channel("mail", lively))));
    Store counted =
        (Store)
            Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("commit") || method.getName().equals("load")) {
                    long number = asked.incrementAndGet();
                    if (storeIsAway) {
                      return Future.failedFuture(
                          new StoreUnavailableException("away " + number, false, null));
                    }
                  }
                  return method.invoke(desk.store, arguments);
                });
    outbox =
        new OutboundDispatcher(
            () -> WORKSPACE,
            "node",
            counted,
            new ConversationService(
                counted, new JsonCodec(), desk.time, new Random(1), desk.metrics, 10_000),
            channels,
            desk.time,
            new Random(1),
            desk.metrics);
  }

  private static Channels.Channel channel(String id, Connector connector) {
    return new Channels.Channel(
        "acme", id, "webchat", ChannelFamily.SOCIAL, connector, Future::succeededFuture);
  }

  private String replied(String channel, int number) {
    ContactRef contact = new ContactRef("u" + number, null, null);
    InboundEvent hello =
        InboundEvent.Received.of(
            "m" + channel + number, contact, desk.time.now(), new MessageContent.Text("hi"));
    Conversation.Id id =
        Desk.now(
                service.receive(
                    WORKSPACE, new ContactKey(channel, contact.externalId(), null), List.of(hello)))
            .get(0)
            .conversation();
    reply(id);
    return id.value();
  }

  private void reply(Conversation.Id id) {
    Desk.now(
        service.apply(
            WORKSPACE,
            id,
            new ConversationEvent.Reply(
                Author.SYSTEM, 0, List.of(new MessageContent.Text("hello")), null),
            null));
  }

  private static int inFlight() {
    return WORKSPACE.config().outbox().inFlight();
  }

  private double resting() {
    return desk.metrics
        .registry()
        .get("frontdesk_outbox_resting")
        .tags("channel", "chat")
        .gauge()
        .value();
  }

  @Test
  void silence_ofOne_restsIt_asksTheStoreLittle_andHoldsUpNoOther() {
    silent.isSilent = true;
    for (int i = 0; i < REPLIES; i++) {
      assertThat(replied("chat", i)).isNotEmpty();
    }
    outbox.start();
    desk.time.advance(Duration.ofMinutes(1));
    assertThat(resting()).isOne();
    // as many as leave until the tenth failure is heard of, and a few that try it
    assertThat(silent.calls)
        .as("sends to the silent one in a minute")
        .isLessThan(inFlight() + ChannelCircuit.MOST + 10);

    long before = asked.get();
    desk.time.advance(Duration.ofMinutes(10));
    assertThat(asked.get() - before)
        .as("loads and commits in ten minutes of silence")
        .isLessThan(600);
    assertThat(replied("mail", 1)).isNotEmpty();
    outbox.wake(0);
    desk.time.advance(Duration.ofMillis(100));
    assertThat(lively.taken).hasSize(1);
  }

  @Test
  void afterTheSilence_eachIsTakenOnce_withinTheLongestRest() {
    silent.isSilent = true;
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < REPLIES; i++) {
      ids.add(replied("chat", i));
    }
    outbox.start();
    desk.time.advance(Duration.ofMinutes(10));
    silent.isSilent = false;
    silent.takes = Duration.ofMillis(100);

    desk.time.advance(ChannelCircuit.LONGEST.plus(Duration.ofSeconds(40)));

    assertThat(silent.taken).doesNotHaveDuplicates().hasSize(REPLIES);
    assertThat(ids)
        .allSatisfy(
            id ->
                assertThat(
                        Desk.now(service.find(WORKSPACE, new Conversation.Id(id)))
                            .conversation()
                            .outbox())
                    .isEmpty());
    assertThat(resting()).isZero();
  }

  /** Too few to open a circuit: their own attempts outlast it. */
  @Test
  void outageOfTenMinutes_makesNoDeadLetterOfAFewReplies() {
    silent.isSilent = true;
    assertThat(replied("chat", 1)).isNotEmpty();
    assertThat(replied("chat", 2)).isNotEmpty();
    outbox.start();
    desk.time.advance(Duration.ofMinutes(10));
    silent.isSilent = false;

    desk.time.advance(Duration.ofMinutes(6));

    assertThat(silent.taken).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void outageOfADay_isToldInTheEnd() {
    silent.isSilent = true;
    Conversation.Id id = new Conversation.Id(replied("chat", 1));
    outbox.start();

    desk.time.advance(Duration.ofDays(1));

    assertThat(Desk.now(service.messages(WORKSPACE, id, 2, 2)).get(0).delivery())
        .isEqualTo(DeliveryStatus.FAILED);
    assertThat(silent.calls).isEqualTo(WORKSPACE.config().outbox().maxAttempts());
  }

  /** It may have been refused by ourselves. */
  @Test
  void refusal_endsNoRest() {
    silent.isSilent = true;
    for (int i = 0; i < 200; i++) {
      assertThat(replied("chat", i)).isNotEmpty();
    }
    outbox.start();
    desk.time.advance(Duration.ofSeconds(15));
    assertThat(resting()).isOne();
    silent.isSilent = false;
    silent.refuses = true;

    desk.time.advance(Duration.ofSeconds(1));
    while (silent.calls < inFlight() + ChannelCircuit.MOST + 20) {
      desk.time.advance(Duration.ofSeconds(1));
    }

    assertThat(resting()).isOne();
    assertThat(silent.onTheirWay).isLessThanOrEqualTo(1);
    silent.refuses = false;
    assertThat(replied("chat", 200)).isNotEmpty();
    outbox.wake(0);
    desk.time.advance(Duration.ofSeconds(90));
    assertThat(silent.taken).isNotEmpty();
    assertThat(resting()).isZero();
  }

  /** Erased, or held back by an operator: nobody claims them again. */
  @Test
  void whatLeftTheOutboxWhileItWaited_isInNobodysWay() {
    silent.isSilent = true;
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      ids.add(replied("chat", i));
    }
    outbox.start();
    desk.time.advance(Duration.ofSeconds(15));
    Commit.Builder erased =
        Commit.of("acme", desk.time.now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Present(WORKSPACE.keys().outbox(), ids.get(399)));
    List<String> gone = ids.subList(100, 300);
    gone.forEach(id -> erased.write(new Write.SortedRemove(WORKSPACE.keys().outbox(), id)));
    assertThat(Desk.now(desk.store.commit(erased.build()))).isInstanceOf(CommitResult.Done.class);
    silent.isSilent = false;

    desk.time.advance(Duration.ofMinutes(4));

    List<String> kept = new ArrayList<>(ids);
    kept.removeAll(gone);
    assertThat(silent.taken).doesNotHaveDuplicates();
    assertThat(silent.taken).containsAll(kept.stream().map(id -> id + ".2").toList());
  }

  @Test
  void storeThatIsAway_isAskedLittle() {
    silent.takes = Duration.ofSeconds(3);
    for (int i = 0; i < 1_000; i++) {
      assertThat(replied("chat", i)).isNotEmpty();
    }
    outbox.start();
    desk.time.advance(Duration.ofSeconds(1));
    storeIsAway = true;
    long before = asked.get();
    desk.time.advance(Duration.ofSeconds(10));
    assertThat(asked.get() - before).as("in ten seconds").isLessThan(1_000);

    storeIsAway = false;
    desk.time.advance(Duration.ofMinutes(3));
    assertThat(silent.taken).doesNotHaveDuplicates();
    assertThat(silent.taken.size()).isGreaterThanOrEqualTo(1_000 - 2 * inFlight());
  }

  @Test
  void slowness_keepsTheBoundOfSends_andTheOrderOfEachConversation() {
    silent.takes = Duration.ofSeconds(3);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String id = replied("chat", i);
      reply(new Conversation.Id(id));
      expected.add(id + ".2");
      expected.add(id + ".3");
    }
    outbox.start();
    desk.time.advance(Duration.ofMinutes(1));

    assertThat(silent.most).isEqualTo(WORKSPACE.config().outbox().inFlight());
    assertThat(silent.taken).containsExactlyInAnyOrderElementsOf(expected);
    for (int i = 0; i < expected.size(); i += 2) {
      assertThat(silent.taken).containsSubsequence(expected.get(i), expected.get(i + 1));
    }
  }

  @Test
  void stop_sendsNothingOfWhatWaits() {
    silent.takes = Duration.ofSeconds(3);
    for (int i = 0; i < 200; i++) {
      assertThat(replied("chat", i)).isNotEmpty();
    }
    outbox.start();
    desk.time.advance(Duration.ofSeconds(1));
    int begun = silent.calls;

    outbox.stop();
    desk.time.advance(Duration.ofMinutes(2));
    assertThat(silent.calls).isEqualTo(begun).isEqualTo(WORKSPACE.config().outbox().inFlight());

    outbox.start();
    desk.time.advance(Duration.ofMinutes(1));
    assertThat(silent.taken).doesNotHaveDuplicates().hasSize(200);
  }
}
