// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.NORMAL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first-response clock: one verdict per spell, whoever comes first. */
class ReplyRaceTest {

  @ParameterizedTest
  @CsvSource({
    "-1, true, MET",
    "-1, false, MET",
    "0, true, MET",
    "0, false, MET",
    "1, true, BREACHED",
    "1, false, BREACHED"
  })
  void reply_atTheDeadline_dependsOnItsTimeAlone(int millis, boolean timerFirst, State expected) {
    Desk desk = Desk.assigned().at(NORMAL.plusMillis(millis));

    if (timerFirst) {
      desk.fires(Timer.Kind.BREACH);
    }
    desk.answered();

    assertThat(desk.clock().state()).isEqualTo(expected);
    assertThat(desk.books.met + desk.books.breached).isEqualTo(1);
    assertThat(desk.clock().overrunMs()).isEqualTo(Math.max(0, millis));
    assertThat(desk.state.armed()).doesNotContainKeys(Timer.Kind.BREACH, Timer.Kind.WARNING);
  }

  /** ten thousand races around the deadline, in every order, with clocks that disagree. */
  @Test
  void reply_racingTheBreach_isMetOrBreachedNeverBoth() {
    int met = 0;
    for (long seed = 0; seed < 10_000; seed++) {
      Random random = new Random(seed);
      Desk desk = Desk.assigned();
      long reply = NORMAL.toMillis() * 1000 + random.nextInt(4_000) - 2_000;
      long timer = NORMAL.toMillis() * 1000 + random.nextInt(4_000) - 2_000;
      boolean timerFirst = timer < reply || (timer == reply && random.nextBoolean());
      if (timerFirst) {
        desk.now = T0.plus(timer, ChronoUnit.MICROS);
        desk.fires(Timer.Kind.BREACH);
      }
      desk.now = T0.plus(reply, ChronoUnit.MICROS);
      desk.answered();
      boolean late = reply >= (NORMAL.toMillis() + 1) * 1000;
      assertThat(desk.books.met).as("seed %s", seed).isEqualTo(late ? 0 : 1);
      assertThat(desk.books.breached).as("seed %s", seed).isEqualTo(late ? 1 : 0);
      met += desk.books.met;
    }
    assertThat(met).isBetween(6_000, 9_000);
  }

  @Test
  void breach_beforeItsTime_isArmedAgainAndGivesNoVerdict() {
    Desk desk = Desk.mail("hello").at(NORMAL);

    desk.fires(Timer.Kind.BREACH);

    assertThat(desk.books.verdicts).isZero();
    assertThat(desk.state.armed().get(Timer.Kind.BREACH).due())
        .isEqualTo(T0.plus(NORMAL).plusMillis(1));
  }

  @Test
  void breach_ofAnOldGeneration_changesNothing() {
    Desk desk = Desk.mail("hello");
    Timer old =
        new Timer(
            Timer.Kind.BREACH,
            desk.state.id().value(),
            desk.state.armed().get(Timer.Kind.BREACH).generation());
    desk.after(seconds(1)).customer("m2", "urgent").after(seconds(100));

    desk.on(new ConversationEvent.Fired(old));

    assertThat(desk.last.effects()).isEmpty();
  }

  @Test
  void breach_whileWaiting_movesToTheLateLaneInTheSameStep() {
    Desk desk = Desk.mail("hello").at(NORMAL.plusMillis(1));

    desk.fires(Timer.Kind.BREACH);

    assertThat(desk.effects(Effect.Unqueued.class).get(0).late()).isFalse();
    assertThat(desk.effects(Effect.Queued.class).get(0).late()).isTrue();
    assertThat(desk.effects(Effect.VerdictGiven.class).get(0).responseMs()).isEqualTo(-1);
    assertThat(Board.row(desk.state).orElseThrow().breached()).isTrue();
  }

  /** Scenario 2: the breach counts at the deadline, the answer tells by how much it was late. */
  @Test
  void reply_afterTheBreach_isALateAnswerAndTheVerdictStays() {
    Desk desk = Desk.assigned().at(NORMAL.plusMillis(1));
    desk.fires(Timer.Kind.BREACH);

    desk.at(NORMAL.plus(seconds(30))).answered().resolved();

    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock().overrunMs()).isEqualTo(30_000);
    assertThat(desk.books.verdicts).isEqualTo(1);
  }

  @Test
  void reply_lateBeforeTheTimer_isOneBreachWithItsResponseTime() {
    Desk desk = Desk.assigned().at(NORMAL.plusMillis(1)).answered();

    assertThat(desk.effects(Effect.LateAnswer.class)).isEmpty();
    Effect.VerdictGiven given = desk.effects(Effect.VerdictGiven.class).get(0);
    assertThat(given.verdict()).isEqualTo(State.BREACHED);
    assertThat(given.responseMs()).isEqualTo(NORMAL.toMillis() + 1);
    assertThat(given.agent()).isEqualTo("alice");
  }

  @Test
  void warning_atItsTime_putsItAtRisk() {
    Desk desk = Desk.mail("hello").at(seconds(6));

    desk.fires(Timer.Kind.WARNING);

    assertThat(Board.row(desk.state).orElseThrow().atRisk()).isTrue();
    assertThat(desk.effects(Effect.Announced.class).get(0).name()).isEqualTo("promise.at-risk");
  }

  /** Scenario 7: thanks and goodbye; no answer is needed, no promise is broken. */
  @Test
  void resolve_withTheClockRunning_voidsIt() {
    Desk desk = Desk.assigned();

    desk.on(new ConversationEvent.Resolve(Author.agent(ALICE), desk.state.epoch(), "spam"));

    assertThat(desk.clock().state()).isEqualTo(State.VOID);
    assertThat(desk.state.owner()).isNull();
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.REOPEN_WINDOW);
  }

  @Test
  void resolve_afterTheDeadlineBeforeTheTimer_isABreach() {
    Desk desk = Desk.assigned().at(NORMAL.plusMillis(1)).resolved();

    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.books.breached).isEqualTo(1);
    assertThat(desk.books.voided).isZero();
  }

  /** Scenario 1: met by what was accepted, then the platform fails: the old deadline again. */
  @Test
  void failure_ofTheAnswerThatMetThePromise_breachesByTheOriginalDeadline() {
    Desk desk = Desk.assigned().at(NORMAL.minusMillis(3)).answered();
    assertThat(desk.books.met).isEqualTo(1);
    desk.sends("n1", false);

    desk.at(NORMAL.plusMillis(800))
        .sent(new SendResult.Rejected(SendResult.Cause.OTHER, "x", "no"), null);

    assertThat(desk.clock().spell()).isEqualTo(2);
    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(NORMAL));
    assertThat(desk.books.spells).isEqualTo(2);
    assertThat(desk.books.breached).isEqualTo(1);
    assertThat(desk.books.deadLetters).hasSize(1);
    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.FAILED);
  }

  @Test
  void failure_inTime_leavesTheRestOfTheTime() {
    Desk desk = Desk.assigned().at(seconds(1)).answered();
    desk.sends("n1", false);
    desk.at(seconds(2)).sent(new SendResult.Retry("busy", null), null);
    assertThat(desk.clock().state()).isEqualTo(State.RUNNING);

    desk.at(NORMAL).answered();

    assertThat(desk.books.met).isEqualTo(2);
    assertThat(desk.clock().state()).isEqualTo(State.MET);
  }

  @Test
  void failure_whenResolved_bringsItBack() {
    Desk desk = Desk.assigned().answered().resolved();
    desk.sends("n1", false);

    desk.sent(new SendResult.Rejected(SendResult.Cause.OTHER, "x", "no"), null);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.clock().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void promise_changedByASupervisor_onlyBringsTheDeadlineNearer() {
    Desk desk = Desk.mail("hello").at(seconds(1));

    desk.on(new ConversationEvent.ChangePromise(Author.agent(ALICE), "low"));
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(NORMAL));
    assertThat(desk.state.triage().promise()).isEqualTo("low");

    desk.on(new ConversationEvent.ChangePromise(Author.agent(ALICE), "urgent"));
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(3)));

    desk.on(new ConversationEvent.ChangePromise(Author.agent(ALICE), "never"));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.UNKNOWN_TARGET);
  }

  @Test
  void verdict_atRest_isReadFromTheClock() {
    Desk desk = Desk.assigned().at(Duration.ofMillis(1_234)).answered();

    Effect.VerdictGiven given = desk.effects(Effect.VerdictGiven.class).get(0);

    assertThat(given)
        .isEqualTo(new Effect.VerdictGiven(State.MET, "normal", "support", "mail", "alice", 1_234));
    assertThat(desk.clock().answerSeq()).isEqualTo(2);
  }
}
