// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.ClockKind.NEXT_RESPONSE;
import static dev.frontdesk.gateway.domain.ClockKind.RESOLUTION;
import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.ClockPolicy.Fulfilment;
import dev.frontdesk.gateway.domain.ClockPolicy.Raise;
import dev.frontdesk.gateway.domain.ClockPolicy.Warning;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Defects of other products' promise clocks, each by the product and its issue. Those that are
 * about the return of a conversation are in {@code ReturnTimerTest}, those of the calendar alone in
 * {@code WorkingTimeTest}, the order of the queue in {@code PeerOrderTest}.
 */
class PeerDefectsTest {

  private static final Duration FIRST = seconds(8);
  private static final Duration NEXT = seconds(6);
  private static final Duration WHOLE = seconds(30);
  private static final Author BY_ALICE = Author.agent(ALICE);

  private static ClockPolicy policy(WorkingTime hours, Duration first, Ladder ladder) {
    return new ClockPolicy(
        hours,
        Target.of(first),
        Target.of(NEXT),
        Target.of(WHOLE),
        null,
        null,
        List.of(Warning.after(0.75)),
        Fulfilment.HUMAN,
        Raise.FROM_CHANGE,
        ladder);
  }

  private static Desk under(ClockPolicy policy, Instant at) {
    return Desk.under(DeskTerms.terms(Map.of("normal", policy)), MAIL, "hello", at)
        .offered(ALICE)
        .accepted(ALICE);
  }

  private static Desk assigned() {
    return under(policy(WorkingTime.always(), FIRST, Ladder.NONE), T0);
  }

  /** Answered after a second, asked again after ten. */
  private static Desk askedAgain() {
    return assigned().at(seconds(1)).answered().at(seconds(10)).customer("m2", "and then?");
  }

  private static ConversationEvent fired(Desk desk, Timer.Kind kind) {
    return new ConversationEvent.Fired(
        new Timer(kind, desk.state.id().value(), desk.state.armed().get(kind).generation()));
  }

  private static WorkingTime open(int from, int to, Map.Entry<LocalDate, LocalDate> closed) {
    Map<DayOfWeek, List<Window>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Window(from * 60, to * 60)));
    }
    return WorkingTime.of(ZoneOffset.UTC, new OpenDays(week, List.of(closed), Map.of()));
  }

  private static Map.Entry<LocalDate, LocalDate> closed(String first, String last) {
    return Map.entry(LocalDate.parse(first), LocalDate.parse(last));
  }

  /** Its evaluator runs each five minutes and looks only at what is still unanswered then. */
  @Test
  void chatwoot_missShorterThanATick_isKept() {
    Desk desk = askedAgain();
    desk.now = desk.clock(NEXT_RESPONSE).dueAt().plusMillis(1);
    desk.answered();
    desk.now = desk.clock(RESOLUTION).dueAt().plusMillis(1);
    desk.resolved();

    for (ClockKind kind : List.of(NEXT_RESPONSE, RESOLUTION)) {
      assertThat(desk.clock(kind).state()).as(kind.toString()).isEqualTo(State.BREACHED);
      assertThat(desk.clock(kind).overrunMs()).as(kind.toString()).isEqualTo(1);
    }
  }

  /** The next-response clock goes on after the conversation was resolved. */
  @Test
  void chatwoot10178_nextResponse_stopsAtResolving() {
    Desk desk = askedAgain();
    ConversationEvent late = fired(desk, Timer.Kind.NEXT_BREACH);

    desk.at(seconds(12)).resolved();
    desk.at(seconds(100)).on(late);

    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.VOID);
    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.REOPEN_WINDOW);
  }

  /** A response at the very deadline is neither met nor breached there, for ever. */
  @Test
  void libredesk_exactlyAtTheDeadline_isMet_andTheTimerChangesNothing() {
    Desk desk = askedAgain();
    ConversationEvent late = fired(desk, Timer.Kind.NEXT_BREACH);
    desk.now = desk.clock(NEXT_RESPONSE).dueAt();

    desk.answered();
    desk.after(Duration.ofMillis(1)).on(late);

    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.MET);
    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.NEXT_BREACH);
  }

  /** What is left of a day is cut to minutes: up to 59 s are lost with each closing. */
  @Test
  void libredesk_minuteTruncation_losesNoSecondOverClosing() {
    Instant at = Instant.parse("2026-11-23T17:59:00.500Z");
    Desk desk =
        under(
            policy(
                open(9, 18, closed("2026-12-24", "2026-12-26")), Duration.ofHours(18), Ladder.NONE),
            at);

    assertThat(desk.clock().dueAt()).isEqualTo(Instant.parse("2026-11-25T17:59:00.500Z"));
  }

  /** It looks ceil(hours) * 24 + 1 days ahead: an hour over a closure of a month is refused. */
  @Test
  void libredesk_iterationGuard_shortTargetReachesOverALongClosure() {
    Desk desk =
        under(
            policy(
                open(9, 18, closed("2026-11-24", "2027-01-31")), Duration.ofHours(1), Ladder.NONE),
            Instant.parse("2026-11-23T17:30:00Z"));

    assertThat(desk.clock().dueAt()).isEqualTo(Instant.parse("2027-02-01T09:30:00Z"));
    assertThat(desk.state.armed().get(Timer.Kind.BREACH).due())
        .isEqualTo(Instant.parse("2027-02-01T09:30:00.001Z"));
  }

  /** Mails about breaches of what was closed long ago. */
  @Test
  void libredesk70_resolved_nobodyIsTold() {
    Ladder ladder =
        Ladder.of(
            List.of(
                new Ladder.Level(
                    ClockKind.FIRST_RESPONSE,
                    Ladder.Moment.BREACH,
                    seconds(1),
                    new Ladder.Supervisors("bob", false, List.of(BOB)))));
    Desk desk = under(policy(WorkingTime.always(), FIRST, ladder), T0);
    List<ConversationEvent> late =
        List.of(
            fired(desk, Timer.Kind.WARNING),
            fired(desk, Timer.Kind.BREACH),
            fired(desk, Timer.Kind.ESCALATION));
    desk.at(seconds(5)).resolved();

    for (ConversationEvent timer : late) {
      desk.at(seconds(50)).on(timer);
      assertThat(desk.last.effects()).isEmpty();
    }
    assertThat(desk.clock().state()).isEqualTo(State.VOID);
    assertThat(desk.books.escalated).isEmpty();
  }

  /** An escalation though the agent answered. */
  @Test
  void zammad3140_answered_noLevelFollows() {
    Ladder ladder =
        Ladder.of(
            List.of(
                new Ladder.Level(
                    ClockKind.FIRST_RESPONSE,
                    Ladder.Moment.BEFORE,
                    seconds(2),
                    new Ladder.Supervisors("bob", false, List.of(BOB)))));
    Desk desk = under(policy(WorkingTime.always(), FIRST, ladder), T0);
    ConversationEvent level = fired(desk, Timer.Kind.ESCALATION);
    desk.at(seconds(6)).answered();

    desk.on(level);

    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.books.escalated).isEmpty();
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.ESCALATION);
  }

  /** An answer that puts the ticket on "pending" in the same step is no first response. */
  @Test
  void zammad3551_answerAndPauseAtOnce_keepTheFirstResponse() {
    for (Conversation.Pause.On on : Conversation.Pause.On.values()) {
      Desk desk = assigned().at(seconds(3)).answered();

      desk.on(new ConversationEvent.Pause(BY_ALICE, on, null));

      assertThat(desk.refusal()).isNull();
      assertThat(desk.clock().state()).as(on.toString()).isEqualTo(State.MET);
      assertThat(desk.clock().endedAt()).isEqualTo(T0.plusSeconds(3));
      assertThat(desk.books.met).isEqualTo(1);
    }
  }

  /** The shorter update time takes the place of the first response. */
  @Test
  void zammad5177_nextResponse_waitsForTheFirst() {
    Desk desk = assigned().at(seconds(1)).customer("m2", "are you there?");

    assertThat(desk.state.laterClocks()).doesNotContainKey(NEXT_RESPONSE);
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(FIRST));
    desk.at(seconds(7)).answered();

    assertThat(desk.clock().state()).isEqualTo(State.MET);
    assertThat(desk.state.laterClocks()).doesNotContainKey(NEXT_RESPONSE);
  }

  /** A change of the agreement after the fact leaves statistics wrong or unwritten. */
  @Test
  void zammad2579_promiseChangedAfterTheVerdict_countsNothingAgain() {
    ClockPolicy normal = policy(WorkingTime.always(), FIRST, Ladder.NONE);
    Desk desk =
        Desk.under(
                DeskTerms.terms(
                    Map.of(
                        "normal",
                        normal,
                        "urgent",
                        policy(WorkingTime.always(), seconds(1), Ladder.NONE))),
                MAIL,
                "hello",
                T0)
            .offered(ALICE)
            .accepted(ALICE)
            .at(seconds(5))
            .answered();

    desk.on(new ConversationEvent.ChangePromise(Author.SYSTEM, "urgent"));

    assertThat(desk.clock().state()).isEqualTo(State.MET);
    assertThat(desk.books.verdicts).isEqualTo(1);
    assertThat(desk.effects(Effect.VerdictGiven.class)).isEmpty();
  }

  /** Waiting since the last message that was not answered, which each further one puts off. */
  @Test
  void freescout5225_impatientCustomer_doesNotPutOffTheDeadline() {
    Desk desk = askedAgain();
    for (int n = 3; n < 8; n++) {
      desk.after(seconds(1)).customer("m" + n, "hello?");
    }

    assertThat(desk.clock(NEXT_RESPONSE).startedAt()).isEqualTo(T0.plusSeconds(10));
    assertThat(desk.clock(NEXT_RESPONSE).dueAt()).isEqualTo(T0.plusSeconds(10).plus(NEXT));
    assertThat(desk.clock(NEXT_RESPONSE).spell()).isEqualTo(1);
  }

  /** A third party's mail that arrives as an internal comment resets the clock. */
  @Test
  void zendesk1581_note_neitherAnswersNorResets() {
    Desk desk = askedAgain();
    ResponseClock before = desk.clock(NEXT_RESPONSE);

    desk.at(seconds(12))
        .on(
            new ConversationEvent.Note(
                BY_ALICE, new MessageContent.Text("the carrier says tomorrow"), null));

    assertThat(desk.clock(NEXT_RESPONSE)).isEqualTo(before);
  }

  /** A thread that is reopened breaches at once, by the time it lay resolved. */
  @Test
  void plain_reopened_hasATimeOfItsOwn() {
    Desk desk = assigned().at(seconds(5)).answered().at(seconds(20)).resolved();
    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.MET);

    desk.at(seconds(60)).customer("m2", "it is broken again");

    assertThat(desk.state.stage()).isEqualTo(Conversation.Stage.WAITING);
    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.RUNNING);
    assertThat(desk.clock(RESOLUTION).spell()).isEqualTo(2);
    assertThat(desk.clock(RESOLUTION).dueAt()).isEqualTo(T0.plusSeconds(60).plus(WHOLE));
  }

  /** A breach that nobody sees before somebody answers at last. */
  @Test
  void intercom_missed_isSaidAtTheDeadline_notAtTheNextAnswer() {
    Desk desk = assigned();
    desk.now = desk.clock().missedAt();

    desk.fires(Timer.Kind.BREACH);

    assertThat(desk.effects(Effect.Announced.class))
        .extracting(Effect.Announced::name)
        .contains("promise.breached");
    assertThat(desk.clock().endedAt()).isNull();
    assertThat(desk.books.breached).isEqualTo(1);
  }
}
