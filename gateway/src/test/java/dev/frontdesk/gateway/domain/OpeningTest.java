// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.NORMAL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.URGENT;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpeningTest {

  @Test
  void open_withoutBot_waitsWithTheClockRunning() {
    Desk desk = Desk.mail("hello");

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.epoch()).isZero();
    assertThat(desk.state.owner()).isNull();
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(NORMAL));
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.WARNING, Timer.Kind.BREACH);
    assertThat(desk.books.keys).containsExactly(Map.entry("m1", 1));
    Effect.Queued queued = desk.effects(Effect.Queued.class).get(0);
    assertThat(queued.due()).isEqualTo(T0.plus(NORMAL));
    assertThat(queued.cost()).isEqualTo(2);
    assertThat(queued.late()).isFalse();
  }

  @Test
  void open_withBot_asksTheBotAndStartsNoClock() {
    Desk desk = Desk.chat("hello");

    assertThat(desk.state.stage()).isEqualTo(Stage.BOT);
    assertThat(desk.state.owner()).isEqualTo(Owner.bot("faq"));
    assertThat(desk.state.epoch()).isEqualTo(1);
    assertThat(desk.state.clock()).isNull();
    assertThat(desk.effects(Effect.BotFrame.class)).containsExactly(new Effect.BotFrame("faq", 1));
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.BOT_SILENT);
  }

  @Test
  void open_byAMachine_waitsWithoutBotOrClock() {
    Desk desk = Desk.of(DeskTerms.CHAT, DeskTerms.automatic("m1", T0));

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.clock()).isNull();
    assertThat(desk.effects(Effect.BotFrame.class)).isEmpty();

    desk.after(seconds(3)).customer("m2", "are you there");

    assertThat(desk.clock().startedAt()).isEqualTo(T0.plus(seconds(3)));
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
  }

  @Test
  void received_beforeAnAnswer_onlyRaises() {
    Desk desk = Desk.mail("urgent");
    Instant due = desk.clock().dueAt();

    desk.after(seconds(1)).customer("m2", "take your time");
    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
    assertThat(desk.state.triage().priority()).isEqualTo(1);
    assertThat(desk.clock().dueAt()).isEqualTo(due);

    desk.customer("m3", "refund");
    assertThat(desk.state.triage().queue()).isEqualTo("billing");
    assertThat(desk.state.triage().skills()).isEqualTo(Map.of("refunds", 2));
    assertThat(desk.effects(Effect.Unqueued.class)).hasSize(1);
    assertThat(desk.effects(Effect.Queued.class).get(0).bucket().id())
        .isEqualTo("billing|urgent|refunds:2,");
  }

  @Test
  void received_withAShorterPromise_bringsTheDeadlineNearerFromNow() {
    Desk desk = Desk.mail("hello");

    desk.after(seconds(1)).customer("m2", "urgent");
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(1)).plus(URGENT));

    Desk late = Desk.mail("hello").at(seconds(7));
    late.customer("m2", "urgent");
    assertThat(late.clock().dueAt()).isEqualTo(T0.plus(NORMAL));
  }

  @Test
  void received_afterTheAnswer_leavesTriageAlone() {
    Desk desk = Desk.assigned().answered();

    desk.customer("m2", "urgent refund");

    assertThat(desk.state.triage().promise()).isEqualTo("normal");
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
    assertThat(desk.effects(Effect.InboxRow.class))
        .containsExactly(new Effect.InboxRow(ALICE, Effect.InboxRow.Change.MESSAGE, 3, null));
  }

  @Test
  void received_tenInOneMillisecond_isOneConversationWithOneClock() {
    Desk desk = Desk.mail("1");
    for (int i = 2; i <= 10; i++) {
      desk.customer("m" + i, "more");
    }

    assertThat(desk.state.lastSeq()).isEqualTo(10);
    assertThat(desk.books.spells).isEqualTo(1);
    assertThat(desk.clock().startedAt()).isEqualTo(T0);
  }

  @Test
  void received_whenResolved_reopensForTheLastAgentWithoutANewClock() {
    Desk desk = Desk.assigned().answered().resolved();
    long epoch = desk.state.epoch();

    desk.after(seconds(5)).customer("m2", "one more thing");

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isEqualTo(ALICE);
    assertThat(desk.books.spells).isEqualTo(1);
    assertThat(desk.state.epoch()).isEqualTo(epoch);
    assertThat(desk.books.pointer).isTrue();
  }

  @Test
  void received_whenResolvedUnanswered_startsAnotherSpell() {
    Desk desk = Desk.mail("hello").resolved();
    assertThat(desk.books.voided).isEqualTo(1);

    desk.customer("m2", "hello?");

    assertThat(desk.clock().spell()).isEqualTo(2);
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
  }

  @Test
  void received_byAMachineWhenResolved_doesNotReopen() {
    Desk desk = Desk.assigned().answered().resolved();

    desk.receives(DeskTerms.automatic("m9", desk.now), null);

    assertThat(desk.state.stage()).isEqualTo(Stage.RESOLVED);
    assertThat(desk.state.lastSeq()).isEqualTo(3);
  }

  @Test
  void received_whenClosed_isRefusedSoThatAnotherOpens() {
    Desk desk = Desk.mail("hello").resolved().after(seconds(60));
    desk.fires(Timer.Kind.REOPEN_WINDOW);
    assertThat(desk.effects(Effect.PointerCleared.class)).hasSize(1);

    desk.customer("m2", "hello");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.CLOSED);

    desk.after(seconds(120)).fires(Timer.Kind.RETENTION);
    assertThat(desk.effects(Effect.Erased.class)).hasSize(1);
  }

  @Test
  void received_atTheBound_isRefusedAsFull() {
    Desk desk = Desk.mail("1");
    for (int i = 2; i <= 80; i++) {
      desk.customer("m" + i, "more");
    }

    desk.customer("m81", "more");

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.FULL);
  }

  @Test
  void full_leavesRoomForAnAnswer() {
    Desk desk = Desk.assigned();
    for (int i = 2; i <= 90; i++) {
      desk.customer("m" + i, "more");
    }

    desk.replies(Author.agent(ALICE), desk.state.epoch(), "one at a time");

    assertThat(desk.refusal()).isNull();
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
  }

  @Test
  void full_isClosedAndFollowedByOneWithTheSameDeadlineAndAgent() {
    Desk desk = Desk.assigned();
    Instant due = desk.clock().dueAt();
    for (int i = 2; i <= 81; i++) {
      desk.customer("m" + i, "more");
    }

    desk.on(new ConversationEvent.Overflow());
    Conversation former = desk.state;
    Conversation next =
        new ConversationRules(DeskTerms.terms())
            .follow(
                new Conversation.Id("next"),
                former,
                InboundEvent.Received.of(
                    "m81", ContactRef.of("u1"), desk.now, new MessageContent.Text("more")),
                desk.now)
            .next();

    assertThat(former.stage()).isEqualTo(Conversation.Stage.CLOSED);
    assertThat(former.load()).isNull();
    assertThat(desk.effects(Effect.PointerCleared.class)).hasSize(1);
    assertThat(next.stage()).isEqualTo(Conversation.Stage.WAITING);
    assertThat(next.lastSeq()).isEqualTo(1);
    assertThat(next.lastAgent()).isEqualTo(ALICE);
    assertThat(next.waitingSince()).isEqualTo(former.waitingSince());
    assertThat(java.util.Objects.requireNonNull(next.clock()).dueAt()).isEqualTo(due);
    assertThat(next.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
  }

  @Test
  void received_withAGrant_opensTheSendWindow() {
    Desk desk = Desk.assigned();
    desk.receives(
        new InboundEvent.Received(
            "m2",
            ContactRef.of("u1"),
            null,
            desk.now,
            0,
            new MessageContent.Text("hi"),
            null,
            false,
            new SendGrant(seconds(30), 1),
            Map.of("subject", "Re: hi")),
        null);

    desk.replies(Author.agent(ALICE), desk.state.epoch(), "one");
    assertThat(desk.refusal()).isNull();

    desk.replies(Author.agent(ALICE), desk.state.epoch(), "two");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.SEND_WINDOW);
    assertThat(desk.state.context()).containsEntry("subject", "Re: hi");
  }

  @Test
  void received_inChinese_isKnownAsChinese() {
    assertThat(Desk.mail("你好").state.triage().language()).isEqualTo("zh");
    assertThat(Languages.of("漢字とかな")).isEqualTo("ja");
    assertThat(Languages.of("한국어")).isEqualTo("ko");
    assertThat(Languages.of("ok, Привет")).isEqualTo("ru");
  }
}
