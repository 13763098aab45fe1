// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.domain.Conversation.Pause.On;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pauses that have clocks of their own: the supplier's, and the follow-up after one that ended. */
class PauseClocksTest {

  private static final Duration SUPPLIER = seconds(40);
  private static final Author BY_ALICE = Author.agent(ALICE);

  private static Terms terms(@Nullable Target followUp) {
    return DeskTerms.terms(
        Map.of(
            "normal",
            new ClockPolicy(
                WorkingTime.always(),
                Target.of(seconds(8)),
                Target.of(seconds(6)),
                Target.of(seconds(600)),
                Target.of(SUPPLIER),
                followUp,
                List.of(ClockPolicy.Warning.after(0.5)),
                ClockPolicy.Fulfilment.HUMAN,
                ClockPolicy.Raise.FROM_CHANGE,
                Ladder.NONE)));
  }

  /** Answered at 1 s by alice, who has it. */
  private static Desk answered(@Nullable Target followUp) {
    return Desk.under(terms(followUp), DeskTerms.MAIL, "hello", T0)
        .offered(ALICE)
        .accepted(ALICE)
        .at(seconds(1))
        .answered();
  }

  private static Transition pauses(Desk desk, On on, @Nullable Duration until) {
    return desk.on(
        new ConversationEvent.Pause(BY_ALICE, on, until == null ? null : desk.now.plus(until)));
  }

  @Test
  void pause_untilThePast_endsNow_andItsFollowUpIsNotDueBeforeIt() {
    Desk desk = answered(Target.of(seconds(10)));
    Instant paused = desk.now;

    pauses(desk, On.INTERNAL, Duration.ofDays(-2000));
    desk.after(seconds(1)).fires(Timer.Kind.PAUSE);

    ResponseClock clock = desk.clock(ClockKind.FOLLOW_UP);
    assertThat(clock.state()).isEqualTo(State.RUNNING);
    assertThat(clock.dueAt()).isEqualTo(paused.plus(seconds(10)));
  }

  private static State supplier(Desk desk) {
    return desk.clock(ClockKind.SUPPLIER).state();
  }

  @Test
  void supplierPause_runsTheSuppliersClock_andStopsNoneOfOurs() {
    Desk desk = answered(null);

    pauses(desk, On.SUPPLIER, null);

    ResponseClock clock = desk.clock(ClockKind.SUPPLIER);
    assertThat(clock.dueAt()).isEqualTo(desk.now.plus(SUPPLIER));
    assertThat(clock.state()).isEqualTo(State.RUNNING);
    assertThat(desk.clock(ClockKind.RESOLUTION).state()).isEqualTo(State.RUNNING);
    desk.customer("m2", "and?");
    assertThat(desk.clock(ClockKind.NEXT_RESPONSE).state()).isEqualTo(State.RUNNING);
    assertThat(supplier(desk)).isEqualTo(State.RUNNING);
  }

  @Test
  void resumedAtTheDeadline_isMet() {
    Desk desk = answered(null);
    pauses(desk, On.SUPPLIER, null);

    desk.after(SUPPLIER).on(new ConversationEvent.Resume(BY_ALICE));

    assertThat(supplier(desk)).isEqualTo(State.MET);
    assertThat(desk.effects(Effect.ClockVerdict.class))
        .containsExactly(new Effect.ClockVerdict(ClockKind.SUPPLIER, State.MET, "normal", -1));
  }

  @Test
  void answered_endsTheSuppliersClock() {
    Desk desk = answered(null);
    pauses(desk, On.SUPPLIER, null);

    desk.after(seconds(5)).answered();

    assertThat(supplier(desk)).isEqualTo(State.MET);
  }

  @Test
  void breach_isTheSuppliers_neverTheAgents() {
    Desk desk = answered(null);
    pauses(desk, On.SUPPLIER, null);

    desk.after(seconds(20)).fires(Timer.Kind.SUPPLIER_WARNING);
    assertThat(desk.effects(Effect.Announced.class))
        .extracting(Effect.Announced::name)
        .containsExactly("supplier.at-risk");
    desk.after(seconds(20).plusMillis(1)).fires(Timer.Kind.SUPPLIER_BREACH);

    assertThat(supplier(desk)).isEqualTo(State.BREACHED);
    assertThat(desk.effects(Effect.VerdictGiven.class)).isEmpty();
    assertThat(desk.effects(Effect.ClockVerdict.class))
        .containsExactly(new Effect.ClockVerdict(ClockKind.SUPPLIER, State.BREACHED, "normal", -1));
    assertThat(desk.effects(Effect.Announced.class))
        .extracting(Effect.Announced::name)
        .containsExactly("supplier.breached");
    desk.after(seconds(3)).on(new ConversationEvent.Resume(BY_ALICE));
    assertThat(desk.effects(Effect.ClockOverrun.class))
        .containsExactly(new Effect.ClockOverrun(ClockKind.SUPPLIER, "normal", 3_001));
    assertThat(supplier(desk)).isEqualTo(State.BREACHED);
  }

  @Test
  void transferredOrResolved_isVoid_forNobodyWaitsForTheSupplier() {
    Desk moved = answered(null);
    pauses(moved, On.SUPPLIER, null);
    moved.on(new ConversationEvent.Transfer(BY_ALICE, null, 0, "billing"));
    Desk done = answered(null);
    pauses(done, On.SUPPLIER, null);
    done.resolved();

    assertThat(supplier(moved)).isEqualTo(State.VOID);
    assertThat(supplier(done)).isEqualTo(State.VOID);
  }

  @Test
  void pausedAgainOnTheSupplier_startsNoOtherClock_onTheCustomer_endsIt() {
    Desk desk = answered(null);
    pauses(desk, On.SUPPLIER, null);
    pauses(desk.after(seconds(3)), On.SUPPLIER, null);
    assertThat(desk.clock(ClockKind.SUPPLIER).spell()).isEqualTo(1);

    pauses(desk.after(seconds(3)), On.CUSTOMER, null);

    assertThat(supplier(desk)).isEqualTo(State.MET);
  }

  @Test
  void withoutASuppliersTime_nothingRuns() {
    Desk desk = Desk.assigned().answered();

    pauses(desk, On.SUPPLIER, null);

    assertThat(desk.state.laterClocks()).isEmpty();
    assertThat(desk.state.armed()).isEmpty();
  }

  @Test
  void pauseWithAnEnd_comesBackToTheSameAgent_withAClock() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));
    assertThat(desk.state.laterClocks()).doesNotContainKey(ClockKind.FOLLOW_UP);

    desk.after(seconds(100)).fires(Timer.Kind.PAUSE);

    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
    assertThat(desk.state.owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(desk.clock(ClockKind.FOLLOW_UP).dueAt()).isEqualTo(desk.now.plusSeconds(30));
    assertThat(desk.effects(Effect.InboxRow.class))
        .containsExactly(
            new Effect.InboxRow(ALICE, Effect.InboxRow.Change.UPDATED, 0, "follow-up"));
    desk.after(seconds(30)).answered();
    assertThat(desk.clock(ClockKind.FOLLOW_UP).state()).isEqualTo(State.MET);
  }

  @Test
  void followUp_withoutATimeOfItsOwn_hasTheNextResponses() {
    Desk desk = answered(null);
    pauses(desk, On.INTERNAL, seconds(100));

    desk.after(seconds(100)).fires(Timer.Kind.PAUSE);

    assertThat(desk.clock(ClockKind.FOLLOW_UP).dueAt()).isEqualTo(desk.now.plusSeconds(6));
  }

  @Test
  void followUp_countsFromTheTimeThatWasMeant_notFromWhenItWasNoticed() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));

    desk.after(seconds(140)).fires(Timer.Kind.PAUSE);

    assertThat(desk.clock(ClockKind.FOLLOW_UP).state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock(ClockKind.FOLLOW_UP).dueAt()).isEqualTo(desk.now.minusSeconds(10));
  }

  @Test
  void pausedOnceMore_endsTheFollowUp() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));
    desk.after(seconds(100)).fires(Timer.Kind.PAUSE);

    pauses(desk.after(seconds(31)), On.CUSTOMER, seconds(100));

    assertThat(desk.clock(ClockKind.FOLLOW_UP).state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock(ClockKind.FOLLOW_UP).overrunMs()).isEqualTo(1_000);
  }

  /** Gone for good by then: it waits in the queue, as old as the time that was meant. */
  @Test
  void agentWhoIsGone_whenThePauseEnds_losesItToTheQueue_withItsAge() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));
    desk.after(seconds(10)).on(new ConversationEvent.AgentVanished(ALICE, true));
    assertThat(desk.state.stage()).isEqualTo(Stage.PAUSED);

    desk.after(seconds(95)).fires(Timer.Kind.PAUSE);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(desk.now.minusSeconds(5));
    assertThat(desk.state.lastAgent()).isEqualTo(ALICE);
    assertThat(desk.clock(ClockKind.FOLLOW_UP).dueAt()).isEqualTo(desk.now.plusSeconds(25));
  }

  /** Home over night and back in the morning: what counts is who is there when it ends. */
  @Test
  void agentWhoIsBack_whenThePauseEnds_keepsIt() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));
    desk.after(seconds(10)).on(new ConversationEvent.AgentVanished(ALICE, true));
    desk.after(seconds(90));
    Timer timer =
        new Timer(
            Timer.Kind.PAUSE,
            DeskTerms.ID.value(),
            desk.state.armed().get(Timer.Kind.PAUSE).generation());

    Transition back =
        desk.rules.apply(
            desk.state, new ConversationEvent.Fired(timer), Surroundings.of(false), desk.now);

    assertThat(back.next().owner()).isEqualTo(Owner.agent(ALICE));
    assertThat(back.next().ownerAway()).isFalse();
    assertThat(
            desk.rules
                .apply(
                    desk.state, new ConversationEvent.Fired(timer), Surroundings.of(true), desk.now)
                .next()
                .stage())
        .isEqualTo(Stage.WAITING);
  }

  @Test
  void agentWhoVanishes_withAFollowUpOpen_losesItToTheQueue() {
    Desk desk = answered(Target.of(seconds(30)));
    pauses(desk, On.CUSTOMER, seconds(100));
    desk.after(seconds(100)).fires(Timer.Kind.PAUSE);

    desk.after(seconds(10)).on(new ConversationEvent.AgentVanished(ALICE, true));

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(desk.now.minusSeconds(10));
  }

  @Test
  void followUpThatNeverArrived_isOpenAgain() {
    Desk desk = answered(Target.of(seconds(30)));
    desk.sends("n1", false);
    desk.sent(new SendResult.Accepted("x1"), null);
    pauses(desk, On.CUSTOMER, seconds(100));
    desk.after(seconds(100)).fires(Timer.Kind.PAUSE);
    desk.after(seconds(5)).answered();
    desk.sends("n1", false);

    desk.sent(new SendResult.Rejected(SendResult.Cause.RECIPIENT, "2", "gone"), null);

    assertThat(desk.clock(ClockKind.FOLLOW_UP).spell()).isEqualTo(2);
    assertThat(desk.clock(ClockKind.FOLLOW_UP).state()).isEqualTo(State.RUNNING);
  }
}
