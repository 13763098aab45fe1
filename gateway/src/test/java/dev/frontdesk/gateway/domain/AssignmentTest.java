// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.fence;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static dev.frontdesk.gateway.domain.DeskTerms.why;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  @Test
  void offer_chargesTheAgentAndKeepsTheEpoch() {
    Desk desk = Desk.mail("hello").offered(ALICE);

    assertThat(desk.state.stage()).isEqualTo(Stage.OFFERED);
    assertThat(desk.state.epoch()).isZero();
    assertThat(desk.state.owner()).isNull();
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));
    assertThat(desk.effects(Effect.Unqueued.class)).hasSize(1);
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(ALICE, Change.OFFERED, 0, null));
    assertThat(desk.effects(Effect.Audit.class).get(0).details())
        .containsEntry("rule", "keep-promises/on-time")
        .containsEntry("candidates", "alice bob");
  }

  @Test
  void accept_makesTheAgentTheOwner_andRepeatsHarmlessly() {
    Desk desk = Desk.mail("hello").offered(ALICE).accepted(ALICE);

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(desk.state.epoch()).isEqualTo(1);
    Conversation won = desk.state;

    desk.after(seconds(1)).accepted(ALICE);
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state).isSameAs(won);
  }

  /** A-02, scenario 12. */
  @Test
  void accept_byOthers_isTaken() {
    Desk desk = Desk.mail("hello").offered(ALICE);
    desk.on(new ConversationEvent.Accept(BOB, "offer-alice"));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.TAKEN);

    desk.accepted(ALICE);
    desk.on(new ConversationEvent.Accept(BOB, "offer-alice"));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.TAKEN);
    assertThat(desk.last.refusal().message()).contains("alice");
  }

  /** */
  @Test
  void accept_afterExpiry_isExpiredEvenIfNobodyTookIt() {
    Desk desk = Desk.mail("hello").offered(ALICE).after(seconds(20).plusMillis(1)).accepted(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.EXPIRED);

    desk.fires(Timer.Kind.OFFER);
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    desk.accepted(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.EXPIRED);
    assertThat(desk.state.owner()).isNull();
  }

  @Test
  void expiry_returnsItWithAgeAndClockAndAvoidsTheAgent() {
    Desk desk = Desk.mail("hello").after(seconds(1)).offered(ALICE).after(seconds(20));
    Instant due = desk.clock().dueAt();

    desk.fires(Timer.Kind.OFFER);

    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.clock().dueAt()).isEqualTo(due);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
    assertThat(desk.effects(InboxRow.class))
        .contains(new InboxRow(ALICE, Change.REMOVED, 0, "expired"));
    assertThat(desk.effects(Effect.Queued.class).get(0).declined())
        .containsEntry(ALICE, desk.now.plus(seconds(5)));
    desk.offered(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.after(seconds(5)).offered(ALICE);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void decline_goesToOthersUntilRetryAt_andRepeatsHarmlessly() {
    Desk desk = Desk.mail("hello").offered(ALICE);
    ConversationEvent decline =
        new ConversationEvent.Decline(ALICE, "offer-alice", "lunch", T0.plus(seconds(9)));

    desk.on(decline);
    assertThat(desk.state.declined()).containsEntry(ALICE, T0.plus(seconds(9)));
    Conversation declined = desk.state;

    desk.on(decline);
    assertThat(desk.state).isSameAs(declined);
    desk.offered(BOB);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void offer_whenNotWaiting_isRefused() {
    Desk desk = Desk.assigned();

    desk.offered(BOB);

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void take_fromTheQueue_needsNoOffer() {
    Desk desk = Desk.mail("hello");
    ConversationEvent take =
        new ConversationEvent.Assign(fence(ALICE), 2, Author.agent(ALICE), why(), false);

    desk.on(take);
    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));

    desk.on(take);
    assertThat(desk.refusal()).isNull();
    desk.on(new ConversationEvent.Assign(fence(BOB), 2, Author.agent(BOB), why(), false));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.TAKEN);
  }

  @Test
  void offer_decidedForTheQueueItHasLeft_isRefused_andChangesNothing() {
    Desk desk = Desk.assigned();
    Bucket from = QueuePlace.bucket(desk.state);
    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), null, 0, "billing"));
    Conversation waiting = desk.state;

    desk.offered(BOB, from);

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    assertThat(desk.last.refusal().message()).contains("billing|").contains("support|");
    assertThat(desk.state).isSameAs(waiting);
    desk.offered(BOB);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void offer_decidedForOtherSkillsOrAnotherPromise_isRefused() {
    Desk desk = Desk.mail("hello");
    Bucket now = QueuePlace.bucket(desk.state);

    desk.offered(BOB, new Bucket(now.queue(), now.promise(), Map.of("refunds", 1)));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(BOB, new Bucket(now.queue(), "urgent", now.skills()));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(BOB, Bucket.parse(now.id()));
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void take_fromTheQueueItHasLeft_isRefused_butSomebodyMayGiveIt() {
    Desk desk = Desk.assigned();
    Bucket from = QueuePlace.bucket(desk.state);
    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), null, 0, "billing"));

    desk.on(new ConversationEvent.Assign(fence(BOB), 2, Author.agent(BOB), why(), false, from));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.on(new ConversationEvent.Assign(fence(BOB), 2, Author.agent(ALICE), why(), true));
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void assign_bySupervisor_takesItFromTheOwner() {
    Desk desk = Desk.assigned();
    long epoch = desk.state.epoch();

    desk.on(new ConversationEvent.Assign(fence(BOB), 2, Author.agent(ALICE), why(), true));

    assertThat(desk.state.epoch()).isEqualTo(epoch + 1);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2));
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(
            new InboxRow(ALICE, Change.REMOVED, 0, "transferred"),
            new InboxRow(BOB, Change.ASSIGNED, 0, null));
  }

  @Test
  void assign_fromTheBot_startsTheClockOfPeople() {
    Desk desk = Desk.chat("hello").after(seconds(3));

    desk.on(new ConversationEvent.Assign(fence(BOB), 1, Author.agent(ALICE), why(), true));

    assertThat(desk.clock().startedAt()).isEqualTo(T0.plus(seconds(3)));
    assertThat(desk.effects(Effect.BotReleased.class)).hasSize(1);
  }

  /** A-01, scenario 11. */
  @Test
  void vanished_withAnOpenOffer_revokesItAtOnce() {
    Desk desk = Desk.mail("hello").offered(ALICE).after(seconds(1));

    desk.on(new ConversationEvent.AgentVanished(ALICE, false));

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.state.declined()).isEmpty();
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(ALICE, Change.REMOVED, 0, "revoked"));
  }

  @Test
  void vanished_whenItWaitsOnUs_isRequeuedAfterTheGrace() {
    Desk desk = Desk.assigned().after(seconds(1));
    Instant due = desk.clock().dueAt();

    desk.on(new ConversationEvent.AgentVanished(ALICE, false));
    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);

    desk.on(new ConversationEvent.AgentVanished(ALICE, true));
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.clock().dueAt()).isEqualTo(due);
  }

  @Test
  void vanished_whenAnswered_staysUntilTheCustomerWrites() {
    Desk desk = Desk.assigned().answered();

    desk.on(new ConversationEvent.AgentVanished(ALICE, true));
    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);

    desk.after(seconds(5)).customer("m2", "thanks, but");
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(ALICE, Change.REMOVED, 0, "requeued"));
    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isEqualTo(ALICE);
    assertThat(desk.effects(Effect.Audit.class))
        .extracting(Effect.Audit::what)
        .contains("requeued");
    assertThat(desk.effects(Effect.Announced.class))
        .contains(new Effect.Announced("conversation.requeued", Map.of("agent", "alice")));
  }

  /** Home for the night, at the desk in the morning: her customers are still hers. */
  @Test
  void vanished_andBackInPresence_keepsIt() {
    Desk desk = Desk.assigned().answered();
    desk.on(new ConversationEvent.AgentVanished(ALICE, true));

    desk.on(new ConversationEvent.AgentReturned(BOB));
    assertThat(desk.state.ownerAway()).isTrue();
    desk.after(seconds(5)).on(new ConversationEvent.AgentReturned(ALICE));
    desk.customer("m2", "thanks, but");

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
    assertThat(desk.on(new ConversationEvent.AgentReturned(ALICE)).effects()).isEmpty();
  }

  @Test
  void vanished_andBackAtWork_keepsIt() {
    Desk desk = Desk.assigned().answered();
    desk.on(new ConversationEvent.AgentVanished(ALICE, true));

    desk.answered().customer("m2", "thanks");

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
  }

  @Test
  void transfer_toAnAgent_movesLoadAndEpoch() {
    Desk desk = Desk.assigned();

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(BOB));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2));
    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
  }

  @Test
  void transfer_toAQueue_waitsThereWithItsAge() {
    Desk desk = Desk.assigned().after(seconds(2));

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), null, 0, "billing"));

    assertThat(desk.state.triage().queue()).isEqualTo("billing");
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isNull();
  }

  @Test
  void transfer_toAnUnknownQueue_isRefused() {
    Desk desk = Desk.assigned();

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), null, 0, "nowhere"));

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.UNKNOWN_TARGET);
  }

  @Test
  void release_doesNotComeBackToTheSameAgent() {
    Desk desk = Desk.assigned();

    desk.on(new ConversationEvent.Release(Author.agent(ALICE)));

    assertThat(desk.state.declined()).containsKey(ALICE);
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(ALICE, Change.REMOVED, 0, "released"));
  }

  /** Pause abuse: waiting for a customer who waits for us. */
  @Test
  void pause_onACustomerWhoWroteLast_isRefused() {
    Desk desk = Desk.assigned();
    ConversationEvent pause =
        new ConversationEvent.Pause(Author.agent(ALICE), Conversation.Pause.On.CUSTOMER, null);

    desk.on(pause);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);

    desk.answered().on(pause);
    assertThat(desk.state.stage()).isEqualTo(Stage.PAUSED);

    desk.customer("m2", "here you are");
    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
  }

  @Test
  void pause_untilItsTime_resumesByItself() {
    Desk desk = Desk.assigned();
    desk.on(
        new ConversationEvent.Pause(
            Author.agent(ALICE), Conversation.Pause.On.SUPPLIER, T0.plus(seconds(4))));
    desk.customer("m2", "any news");
    assertThat(desk.state.stage()).isEqualTo(Stage.PAUSED);

    desk.at(seconds(4)).fires(Timer.Kind.PAUSE);

    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
  }
}
