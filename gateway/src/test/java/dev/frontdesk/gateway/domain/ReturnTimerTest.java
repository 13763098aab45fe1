// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.fence;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who accepts and says nothing loses it: two minutes, two hops, then the supervisors. */
class ReturnTimerTest {
  private static final Agent.Id CAROL = new Agent.Id("carol");
  private static final Duration TERM = Duration.ofMinutes(2);
  private static final OfferTerms OFFERS =
      new OfferTerms(1, TERM, 2, seconds(30), Duration.ZERO, Map.of("support", Set.of(CAROL)));

  private static Desk desk(OfferTerms offers) {
    return Desk.of(DeskTerms.with(offers, DeskTerms.terms()), MAIL, says("m1", "hello", T0));
  }

  private static Desk assigned() {
    return desk(OFFERS).offered(ALICE).accepted(ALICE);
  }

  private static Instant due(Desk desk) {
    return desk.state.armed().get(Timer.Kind.RETURN).due();
  }

  private static boolean runs(Desk desk) {
    return desk.state.armed().containsKey(Timer.Kind.RETURN);
  }

  @Test
  void silence_takesItBack_withAgeAndClocks_forSomebodyElse() {
    Desk desk = assigned();
    Instant promised = desk.clock().dueAt();

    desk.at(TERM).fires(Timer.Kind.RETURN);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.owner()).isNull();
    assertThat(desk.state.epoch()).isEqualTo(2);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.clock().dueAt()).isEqualTo(promised);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
    assertThat(desk.effects(InboxRow.class))
        .contains(new InboxRow(ALICE, Change.REMOVED, 0, "requeued"));
    assertThat(desk.effects(Effect.Queued.class).get(0).declined())
        .containsEntry(ALICE, desk.now.plus(TERM));
    assertThat(desk.effects(Effect.Announced.class))
        .contains(
            new Effect.Announced(
                "conversation.requeued", Map.of("agent", "alice", "reason", "no-answer")));
    desk.offered(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(BOB);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void anyPublicMessage_stopsIt_forThisAssignment() {
    Desk desk = assigned().after(seconds(3)).answered();
    assertThat(runs(desk)).isFalse();

    desk.after(seconds(5)).customer("m2", "and now?");

    assertThat(runs(desk)).isFalse();
    assertThat(desk.state.hands().returned()).isEmpty();
  }

  @Test
  void note_doesNotStopIt() {
    Desk desk = assigned();

    desk.on(
        new ConversationEvent.Note(
            Author.agent(ALICE), new MessageContent.Text("looking into it"), null));

    assertThat(due(desk)).isEqualTo(T0.plus(TERM));
  }

  /** The peer's timer: "forwarded before the timeout must cancel and re-arm". */
  @Test
  void rocketChat20090_transferBeforeTheTimeout_cancelsAndArmsAnew() {
    Desk desk = assigned().after(seconds(100));
    Conversation.Armed first = desk.state.armed().get(Timer.Kind.RETURN);

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));
    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
    desk.at(TERM)
        .on(
            new ConversationEvent.Fired(
                new Timer(Timer.Kind.RETURN, desk.state.id().value(), first.generation())));

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(BOB));
    desk.at(seconds(220)).fires(Timer.Kind.RETURN);
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
  }

  /** The peer's timer is not armed again after one transfer of a room; ours goes on. */
  @Test
  void rocketChat_oncePerRoom_isNotOurDefect_everyAssignmentHasItsTimer() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);

    desk.offered(BOB).accepted(BOB);
    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
    desk.after(TERM).fires(Timer.Kind.RETURN);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.epoch()).isEqualTo(4);
    assertThat(desk.state.hands().returned()).containsExactly(ALICE, BOB);
    assertThat(desk.effects(Effect.Queued.class).get(0).declined())
        .containsOnlyKeys(ALICE, BOB)
        .containsEntry(ALICE, desk.now.plus(TERM));
  }

  @Test
  void lastHop_isReservedForSupervisors_forOneTerm_thenForEveryone() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);
    assertThat(bucket(desk).skills()).isEmpty();
    desk.offered(BOB).accepted(BOB).after(TERM).fires(Timer.Kind.RETURN);

    assertThat(bucket(desk).skills()).isEqualTo(Map.of(OfferTerms.SUPERVISOR, 1));
    assertThat(desk.state.triage().skills()).isEmpty();
    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
    desk.after(TERM).fires(Timer.Kind.RETURN);
    assertThat(bucket(desk).skills()).isEmpty();
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
  }

  @Test
  void supervisorWhoTakesTheLastHop_keepsIt() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);
    desk.offered(BOB).accepted(BOB).after(TERM).fires(Timer.Kind.RETURN);

    desk.offered(CAROL);
    assertThat(runs(desk)).isTrue();
    desk.accepted(CAROL);

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(CAROL));
    assertThat(runs(desk)).isFalse();
  }

  /** After both hops: waits for carol, the queue's supervisor. */
  private static Desk reserved() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);
    desk.offered(BOB).accepted(BOB).after(TERM).fires(Timer.Kind.RETURN);
    return desk;
  }

  @Test
  void reservation_outlivesWhatSupervisorsDeclineOrMiss() {
    for (String way : List.of("declined", "expired", "revoked")) {
      Desk desk = reserved();
      Conversation.Armed until = desk.state.armed().get(Timer.Kind.RETURN);
      desk.after(seconds(1)).offered(CAROL);

      switch (way) {
        case "declined" ->
            desk.on(new ConversationEvent.Decline(CAROL, "offer-carol", "lunch", null));
        case "expired" -> desk.after(seconds(20)).fires(Timer.Kind.OFFER);
        default -> desk.on(new ConversationEvent.AgentVanished(CAROL, false));
      }

      assertThat(desk.state.stage()).as(way).isEqualTo(Stage.WAITING);
      assertThat(desk.state.armed().get(Timer.Kind.RETURN)).as(way).isEqualTo(until);
      assertThat(bucket(desk).isReserved()).as(way).isTrue();
    }
  }

  @Test
  void reservation_thatEndsWhileItIsOffered_isToldAndOver() {
    Desk desk = reserved().after(TERM.minusSeconds(1)).offered(CAROL);

    desk.after(seconds(1)).fires(Timer.Kind.RETURN);
    assertThat(desk.effects(Effect.Audit.class))
        .extracting(Effect.Audit::what)
        .contains("unreserved");
    desk.after(seconds(1)).on(new ConversationEvent.Decline(CAROL, "offer-carol", "no", null));

    assertThat(bucket(desk).isReserved()).isFalse();
  }

  @Test
  void lastHop_whereTheOnlySupervisorWasSilentToo_goesToEveryone() {
    Desk desk =
        desk(
            new OfferTerms(
                1, TERM, 2, Duration.ZERO, Duration.ZERO, Map.of("support", Set.of(ALICE))));
    desk.offered(ALICE).accepted(ALICE).at(TERM).fires(Timer.Kind.RETURN);
    desk.offered(BOB).accepted(BOB).after(TERM).fires(Timer.Kind.RETURN);

    assertThat(bucket(desk).isReserved()).isFalse();
    assertThat(runs(desk)).isFalse();
  }

  @Test
  void lastHop_whereNobodySupervises_goesToEveryone() {
    Desk desk = desk(new OfferTerms(1, TERM, 1, Duration.ZERO, Duration.ZERO, Map.of()));
    desk.offered(ALICE).accepted(ALICE).after(TERM).fires(Timer.Kind.RETURN);

    assertThat(bucket(desk).skills()).isEmpty();
    assertThat(runs(desk)).isFalse();
  }

  private static Bucket bucket(Desk desk) {
    return desk.effects(Effect.Queued.class).get(0).bucket();
  }

  /** Scenario 3: typing alone holds nothing for ever; one grace, once. */
  @Test
  void scenario3_typing_addsOneGrace_once() {
    Desk desk = assigned().at(seconds(60));
    desk.on(new ConversationEvent.Typing(ALICE));
    assertThat(due(desk)).as("time enough").isEqualTo(T0.plus(TERM));

    desk.at(seconds(110)).on(new ConversationEvent.Typing(ALICE));
    assertThat(due(desk)).isEqualTo(T0.plus(seconds(140)));
    desk.at(seconds(139)).on(new ConversationEvent.Typing(ALICE));
    assertThat(due(desk)).isEqualTo(T0.plus(seconds(140)));
    desk.on(new ConversationEvent.Typing(BOB));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);

    desk.at(seconds(140)).fires(Timer.Kind.RETURN);
    long old = desk.state.epoch() - 1;
    desk.offered(BOB).accepted(BOB);
    desk.replies(Author.agent(ALICE), old, "here is the long answer");

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
    assertThat(desk.last.refusal().message()).contains("bob");
    assertThat(desk.message(desk.state.lastSeq()).direction()).isEqualTo(Message.Direction.NOTE);
    assertThat(desk.state.outbox()).isEmpty();
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(BOB, Change.MESSAGE, desk.state.lastSeq(), null));
  }

  /** Accept, pause, go: the peer's way around its timer, where any agent message ends it. */
  @Test
  void pauseWithoutAWord_doesNotStopIt_whateverItIsFor() {
    for (Conversation.Pause.On on :
        List.of(Conversation.Pause.On.INTERNAL, Conversation.Pause.On.SUPPLIER)) {
      Desk desk = assigned().at(seconds(50));
      desk.on(new ConversationEvent.Pause(Author.agent(ALICE), on, desk.now.plusSeconds(600)));
      desk.after(seconds(5)).customer("m2", "hello?");
      assertThat(due(desk)).as("%s", on).isEqualTo(T0.plus(TERM));

      desk.at(TERM).fires(Timer.Kind.RETURN);

      assertThat(desk.state.stage()).as("%s", on).isEqualTo(Stage.WAITING);
      assertThat(desk.state.pause()).isNull();
      assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.PAUSE);
      assertThat(desk.state.hands().returned()).containsExactly(ALICE);
    }
  }

  @Test
  void pauseAndResume_howeverOften_gainNoTime() {
    Desk desk = assigned();
    for (int i = 0; i < 5; i++) {
      desk.after(seconds(10));
      desk.on(
          new ConversationEvent.Pause(Author.agent(ALICE), Conversation.Pause.On.INTERNAL, null));
      desk.after(seconds(10)).on(new ConversationEvent.Resume(Author.agent(ALICE)));
    }

    assertThat(due(desk)).isEqualTo(T0.plus(TERM));
  }

  @Test
  void pauseAfterAWord_isNotTakenBack() {
    Desk desk = assigned().after(seconds(3)).answered().customer("m2", "and?");

    desk.on(new ConversationEvent.Pause(Author.agent(ALICE), Conversation.Pause.On.INTERNAL, null));

    assertThat(runs(desk)).isFalse();
  }

  @Test
  void pausedByOne_givenToAnother_whoHasTheWholeTime() {
    Desk desk = assigned().at(seconds(50));
    desk.on(new ConversationEvent.Pause(Author.agent(ALICE), Conversation.Pause.On.INTERNAL, null));

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));

    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
  }

  @Test
  void answeredConversation_givenToAnother_hasATimerOnlyFromTheNextQuestionOn() {
    Desk desk = assigned().answered();
    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));
    assertThat(runs(desk)).isFalse();

    desk.after(seconds(30)).customer("m2", "hello?");

    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
  }

  @Test
  void transferToAnotherQueue_forgetsTheHops_andThePreferred() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);
    desk.offered(BOB).accepted(BOB);

    desk.on(new ConversationEvent.Transfer(Author.agent(BOB), null, 0, "billing"));

    assertThat(desk.state.hands()).isEqualTo(Hands.NONE);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isNull();
    assertThat(desk.effects(Effect.Queued.class).get(0).arrival()).isEqualTo(T0);
  }

  /** Else an idle sender who serves both queues is the one it is offered to next. */
  @Test
  void transferToAnotherQueue_isNotOfferedBackToItsSender_forAWhile() {
    Desk desk = assigned();
    desk.at(TERM).fires(Timer.Kind.RETURN);
    desk.offered(BOB).accepted(BOB);

    desk.on(new ConversationEvent.Transfer(Author.agent(BOB), null, 0, "billing"));

    assertThat(desk.effects(Effect.Queued.class).get(0).declined())
        .isEqualTo(Map.of(BOB, desk.now.plus(desk.rules.terms().declineBackoff())));
    desk.offered(BOB);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(ALICE);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void transferToAnAgent_keepsAgeAndClock_andDropsThePreferred() {
    Desk desk = assigned().answered().customer("m2", "one more thing");
    Instant since = desk.state.waitingSince();
    ResponseClock clock = desk.clock();

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));

    assertThat(desk.state.lastAgent()).isNull();
    assertThat(desk.state.waitingSince()).isEqualTo(since);
    assertThat(desk.clock()).isEqualTo(clock);
  }

  @Test
  void supervisorWhoPassesTheLastHopOn_beginsAnewForTheNext() {
    Desk desk = reserved().offered(CAROL).accepted(CAROL);

    desk.on(new ConversationEvent.Transfer(Author.agent(CAROL), fence(BOB), 2, null));

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(BOB));
    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
    desk.after(TERM).fires(Timer.Kind.RETURN);
    assertThat(desk.state.hands().returned()).containsExactly(BOB);
  }

  private static InboundEvent.Received granting(String key, Instant at, Duration window) {
    return new InboundEvent.Received(
        key,
        ContactRef.of("u1"),
        null,
        at,
        0,
        new MessageContent.Text("hello"),
        null,
        false,
        new SendGrant(window, 5),
        Map.of());
  }

  private static Desk assignedFor(Duration window) {
    return Desk.of(DeskTerms.with(OFFERS, DeskTerms.terms()), MAIL, granting("m1", T0, window))
        .offered(ALICE)
        .accepted(ALICE);
  }

  /** Nobody could answer: who has it is not to blame, and nobody else could do better. */
  @Test
  void customerWhomNobodyCanReach_isNotTakenFromAnybody_untilTheyWrite() {
    Desk desk = assignedFor(seconds(60));
    assertThat(runs(desk)).isTrue();

    desk.at(seconds(60)).fires(Timer.Kind.WINDOW);
    assertThat(runs(desk)).isFalse();
    desk.at(TERM.plusSeconds(60)).receives(granting("m2", desk.now, seconds(600)), null);

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(due(desk)).isEqualTo(desk.now.plus(TERM));
  }

  @Test
  void windowThatEndedUnnoticed_isNoReasonToTakeItBack() {
    Desk desk = assignedFor(TERM.minusMillis(1));

    desk.at(TERM).fires(Timer.Kind.RETURN);

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(desk.state.hands().returned()).isEmpty();
    assertThat(runs(desk)).isFalse();
  }

  @Test
  void reload_thatTurnsItOff_stopsIt() {
    Desk desk = assigned();
    desk.rules = DeskTerms.rules();

    desk.after(seconds(1)).on(new ConversationEvent.TermsChanged());

    assertThat(runs(desk)).isFalse();
  }
}
