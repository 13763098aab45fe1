// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  private static Acknowledgement ack(String... textByLanguage) {
    return new Acknowledgement(texts(textByLanguage), Map.of(), Duration.ofHours(24), false, null);
  }

  private static Map<String, String> texts(String... byLanguage) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < byLanguage.length; i += 2) {
      texts.put(byLanguage[i], byLanguage[i + 1]);
    }
    return texts;
  }

  private static Desk mail(@Nullable Acknowledgement acknowledgement, String text) {
    return Desk.of(terms(acknowledgement, null), DeskTerms.MAIL, DeskTerms.says("m1", text, T0));
  }

  private static Terms terms(
      @Nullable Acknowledgement acknowledgement, @Nullable ClockPolicy normal) {
    Terms usual = DeskTerms.terms();
    Map<String, Terms.Promise> promises = new LinkedHashMap<>(usual.promises());
    if (normal != null) {
      promises.put("normal", new Terms.Promise("normal", normal));
    }
    Map<String, Terms.Channel> channels = new LinkedHashMap<>();
    usual
        .channels()
        .forEach(
            (id, c) ->
                channels.put(
                    id,
                    new Terms.Channel(
                        id,
                        c.connector(),
                        c.family(),
                        c.cost(),
                        c.bot(),
                        c.botReplyTimeout(),
                        acknowledgement)));
    return new Terms(
        promises,
        channels,
        usual.queues(),
        usual.skills(),
        usual.triage(),
        usual.defaultQueue(),
        usual.defaultPromise(),
        usual.declineBackoff(),
        usual.reopenWindow(),
        usual.retention(),
        usual.maxMessages());
  }

  private static List<String> sent(Desk desk) {
    return desk.books.messages.stream()
        .filter(m -> m.direction() == Message.Direction.OUTBOUND)
        .filter(m -> m.author().kind() == Author.Kind.SYSTEM)
        .map(m -> m.content().text())
        .toList();
  }

  @Test
  void open_withoutConfiguration_sendsNothing() {
    assertThat(sent(mail(null, "hello"))).isEmpty();
  }

  @Test
  void scenario6_tenMessagesAtOnce_getOne() {
    Desk desk = mail(ack("en", "by {due}"), "1");
    for (int i = 2; i <= 10; i++) {
      desk.customer("m" + i, "more");
    }

    assertThat(sent(desk)).hasSize(1);
    assertThat(desk.state.lastSeq()).isEqualTo(11);
    assertThat(desk.state.outbox()).extracting(Conversation.Pending::seq).containsExactly(2);
    assertThat(desk.books.spells).isEqualTo(1);
  }

  @Test
  void scenario8_countsForNothing() {
    Desk desk = mail(ack("en", "we are here"), "hello");

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    assertThat(desk.state.humanAnswered()).isFalse();
    assertThat(desk.state.unanswered()).isTrue();
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.epoch()).isZero();
    assertThat(desk.state.preview()).isEqualTo("hello");

    desk.after(seconds(9)).on(new ConversationEvent.TermsChanged());
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.BREACHED);
  }

  @Test
  void scenario22_quotaKeepsTheLastForAPerson_andRefusesTheSixth() {
    Desk desk =
        Desk.of(
            terms(
                new Acknowledgement(
                    texts("en", "got it"), Map.of(), Duration.ofHours(24), true, null),
                null),
            DeskTerms.CHAT,
            granted("m1", 5, Duration.ofHours(48)));
    assertThat(sent(desk)).containsExactly("got it");
    Author bot = Author.bot("faq");
    desk.replies(bot, desk.state.epoch(), "one");
    desk.replies(bot, desk.state.epoch(), "two");
    desk.replies(bot, desk.state.epoch(), "three");
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state.window().remaining()).isEqualTo(1);

    desk.replies(bot, desk.state.epoch(), "four");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.SEND_WINDOW);

    desk.on(
        new ConversationEvent.HandOff(
            "faq", desk.state.epoch(), "asked", null, Map.of(), null, null));
    assertThat(sent(desk)).hasSize(1);
    desk.offered(ALICE).accepted(ALICE);
    desk.replies(Author.agent(ALICE), desk.state.epoch(), "a person");
    assertThat(desk.refusal()).isNull();
    desk.replies(Author.agent(ALICE), desk.state.epoch(), "the sixth");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.SEND_WINDOW);
    assertThat(desk.state.outbox()).hasSize(5);
  }

  @Test
  void open_whenOnlyOneMessageIsLeft_keepsIt() {
    Desk desk =
        Desk.of(
            terms(ack("en", "got it"), null),
            DeskTerms.MAIL,
            granted("m1", 1, Duration.ofMinutes(1)));

    assertThat(sent(desk)).isEmpty();
    assertThat(desk.state.window().remaining()).isEqualTo(1);
  }

  @Test
  void open_byAMachine_isNeverAnswered() {
    Desk desk =
        Desk.of(terms(ack("en", "got it"), null), DeskTerms.MAIL, DeskTerms.automatic("m1", T0));
    desk.receives(DeskTerms.automatic("m2", T0), null);
    assertThat(sent(desk)).isEmpty();

    desk.customer("m3", "a person after all");
    assertThat(sent(desk)).hasSize(1);
  }

  @Test
  void open_withABot_waitsForTheHandoff_unlessConfigured() {
    Desk desk =
        Desk.of(terms(ack("en", "by {due}"), null), DeskTerms.CHAT, DeskTerms.says("m1", "hi", T0));
    assertThat(sent(desk)).isEmpty();

    desk.after(seconds(180))
        .on(
            new ConversationEvent.HandOff(
                "faq", desk.state.epoch(), "asked", null, Map.of(), null, null));

    assertThat(sent(desk)).containsExactly("by 03:08");
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(188)));
  }

  @Test
  void second_comesOnlyAfterTheWindow() {
    Desk desk =
        Desk.of(
            terms(new Acknowledgement(texts("en", "hi"), Map.of(), seconds(20), false, null), null),
            DeskTerms.MAIL,
            DeskTerms.says("m1", "hello", T0));

    desk.at(seconds(19)).customer("m2", "hello?");
    assertThat(sent(desk)).hasSize(1);
    desk.at(seconds(20)).customer("m3", "hello??");
    assertThat(sent(desk)).hasSize(2);
    desk.at(seconds(21)).customer("m4", "hello???");
    assertThat(sent(desk)).hasSize(2);
  }

  @Test
  void answered_getsNone() {
    Desk desk =
        Desk.of(
                terms(
                    new Acknowledgement(texts("en", "hi"), Map.of(), seconds(1), false, null),
                    null),
                DeskTerms.MAIL,
                DeskTerms.says("m1", "hello", T0))
            .offered(ALICE)
            .accepted(ALICE)
            .answered()
            .resolved();

    desk.after(seconds(5)).customer("m2", "thanks");

    assertThat(sent(desk)).hasSize(1);
  }

  @Test
  void text_isOfTheLanguage_elseTheFirst() {
    Acknowledgement both = ack("zh", "您好", "en", "hello");

    assertThat(sent(mail(both, "你好"))).containsExactly("您好");
    assertThat(sent(mail(both, "where is my order"))).containsExactly("hello");
    assertThat(sent(mail(both, "wo ist meine bestellung"))).containsExactly("您好");
  }

  /** Opens 2026-11-21, a Saturday, 11:04:05.678 in Shanghai; the office opens on Monday. */
  @Test
  void offHours_tellTheDeadlineOfTheClock() {
    ClockPolicy office =
        new ClockPolicy(
            WorkingTime.of(
                SHANGHAI,
                new OpenDays(
                    Map.of(DayOfWeek.MONDAY, List.of(new Window(9 * 60, 18 * 60))),
                    List.of(),
                    Map.of())),
            Target.of(Duration.ofMinutes(90)),
            null,
            null,
            List.of(ClockPolicy.Warning.after(0.75)),
            ClockPolicy.Fulfilment.HUMAN,
            ClockPolicy.Raise.FROM_CHANGE);
    Acknowledgement acknowledgement =
        new Acknowledgement(
            texts("en", "by {due}"),
            texts("en", "we are closed; by {due}", "zh", "现在休息，{due} 前回复"),
            Duration.ofHours(24),
            false,
            SHANGHAI);
    Terms terms = terms(acknowledgement, office);

    Desk closed = Desk.of(terms, DeskTerms.MAIL, DeskTerms.says("m1", "你好", T0));
    assertThat(sent(closed)).containsExactly("现在休息，2026-11-23 10:30 前回复");
    assertThat(closed.clock().dueAt()).isEqualTo(Instant.parse("2026-11-23T02:30:00Z"));
  }

  @Test
  void due_isTheWholeMinuteThatTheClockKeeps() {
    Desk desk = mail(ack("en", "by {due}"), "hello");

    assertThat(desk.clock().dueAt()).isEqualTo(Instant.parse("2026-11-21T03:04:13.678Z"));
    assertThat(sent(desk)).containsExactly("by 03:05");
  }

  @Test
  void place_isToldWhereSomebodyLooked() {
    Terms terms = terms(ack("en", "number {position}, about {estimate} min"), null);
    ConversationRules rules = new ConversationRules(terms);
    InboundEvent.Received message = DeskTerms.says("m1", "hello", T0);

    Transition known =
        rules.open(DeskTerms.ID, DeskTerms.MAIL, message, new Surroundings(null, 4L, 7L), T0);
    Transition unknown = rules.open(DeskTerms.ID, DeskTerms.MAIL, message, T0);

    assertThat(texts(known)).containsExactly("hello", "number 5, about 1 min");
    assertThat(texts(unknown)).containsExactly("hello");
  }

  private static List<String> texts(Transition transition) {
    return transition.effects().stream()
        .filter(Effect.MessageAppended.class::isInstance)
        .map(e -> ((Effect.MessageAppended) e).message().content().text())
        .toList();
  }

  private static InboundEvent.Received granted(String key, int messages, Duration window) {
    return new InboundEvent.Received(
        key,
        ContactRef.of("u1"),
        null,
        T0,
        0,
        new MessageContent.Text("hello"),
        null,
        false,
        new SendGrant(window, messages),
        Map.of());
  }
}
