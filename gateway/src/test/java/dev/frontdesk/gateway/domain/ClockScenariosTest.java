// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.ClockKind.FIRST_RESPONSE;
import static dev.frontdesk.gateway.domain.ClockKind.NEXT_RESPONSE;
import static dev.frontdesk.gateway.domain.ClockKind.RESOLUTION;
import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.CHAT;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.SendResult;
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
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The scenarios of the field that clocks answer, by number; times are Shanghai's. */
class ClockScenariosTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
  private static final Author AGENT = Author.agent(ALICE);
  private static final Author SUPERVISOR = new Author(Author.Kind.AGENT, "sue", null);

  /** 15 minutes to the first and each later response, a day to the resolution. */
  private static final ClockPolicy FULL =
      new ClockPolicy(
          WorkingTime.always(),
          Target.of(Duration.ofMinutes(15)),
          Target.of(Duration.ofMinutes(10)),
          Target.of(Duration.ofHours(24)),
          List.of(Warning.after(0.75)),
          Fulfilment.HUMAN,
          Raise.FROM_CHANGE);

  private static Instant at(String time) {
    return MONDAY.atTime(LocalTime.parse(time)).atZone(SHANGHAI).toInstant();
  }

  private static ClockPolicy first(Duration target, WorkingTime hours, Raise raise) {
    return new ClockPolicy(
        hours,
        Target.of(target),
        null,
        null,
        List.of(Warning.after(0.75)),
        Fulfilment.HUMAN,
        raise);
  }

  private static WorkingTime office(@Nullable LocalDate holiday) {
    Map<DayOfWeek, List<Window>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, List.of(new Window(9 * 60, 18 * 60)));
    }
    return WorkingTime.of(
        SHANGHAI,
        new OpenDays(
            week, holiday == null ? List.of() : List.of(Map.entry(holiday, holiday)), Map.of()));
  }

  private static Desk open(ClockPolicy normal, ContactKey contact, String time) {
    return Desk.under(DeskTerms.terms(Map.of("normal", normal)), contact, "hello", at(time));
  }

  private static Desk at(Desk desk, String time) {
    desk.now = at(time);
    return desk;
  }

  /** Alice has it since 10:00 and answers at 10:05. */
  private static Desk answered(ClockPolicy policy) {
    Desk desk = open(policy, MAIL, "10:00").offered(ALICE).accepted(ALICE);
    return at(desk, "10:05").answered();
  }

  private static List<Effect.Audit> audits(Desk desk, String what) {
    return desk.effects(Effect.Audit.class).stream().filter(a -> a.what().equals(what)).toList();
  }

  private static List<String> announced(Desk desk) {
    return desk.effects(Effect.Announced.class).stream().map(Effect.Announced::name).toList();
  }

  private static void loses(Desk desk) {
    desk.sends("n1", false);
    desk.sent(new SendResult.Rejected(SendResult.Cause.RECIPIENT, "50", "gone"), null);
  }

  @Test
  void scenario1_replyAcceptedBeforeTheDeadline_isMetThoughTheTimerFiresLater() {
    Desk desk = open(FULL, MAIL, "10:00").offered(ALICE).accepted(ALICE);
    Instant deadline = desk.clock().dueAt();
    ConversationEvent.Fired fired =
        new ConversationEvent.Fired(
            new Timer(
                Timer.Kind.BREACH,
                desk.state.id().value(),
                desk.state.armed().get(Timer.Kind.BREACH).generation()));

    desk.now = deadline.minusMillis(3);
    desk.answered();
    desk.now = deadline.plusMillis(1);
    desk.on(fired);

    assertThat(desk.clock().state()).isEqualTo(State.MET);
    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.books.verdicts).isEqualTo(1);
  }

  @Test
  void scenario1_exactlyAtTheDeadline_isMet_aMillisecondLaterIsNot() {
    for (long late : new long[] {0, 1}) {
      Desk desk = open(FULL, MAIL, "10:00").offered(ALICE).accepted(ALICE);
      desk.now = desk.clock().dueAt().plusMillis(late);
      desk.answered().customer("m2", "and then?");
      desk.now = desk.clock(NEXT_RESPONSE).dueAt().plusMillis(late);
      desk.answered();

      State expected = late == 0 ? State.MET : State.BREACHED;
      assertThat(desk.clock().state()).isEqualTo(expected);
      assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(expected);
      assertThat(desk.clock(NEXT_RESPONSE).overrunMs()).isEqualTo(late);
    }
  }

  @Test
  void scenario1_lostAnswer_opensASpellWithTheOriginalDeadline_ofEitherResponse() {
    Desk desk = answered(FULL);
    at(desk, "10:06").customer("m2", "and then?");
    Instant due = desk.clock(NEXT_RESPONSE).dueAt();
    desk.sends("n1", false);
    desk.sent(new SendResult.Accepted("x1"), null);
    at(desk, "10:10").answered();
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.MET);

    at(desk, "10:20");
    loses(desk);

    assertThat(desk.clock(NEXT_RESPONSE).spell()).isEqualTo(2);
    assertThat(desk.clock(NEXT_RESPONSE).dueAt()).isEqualTo(due);
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock().state()).isEqualTo(State.MET);
    assertThat(desk.state.humanAnswered()).isTrue();
  }

  @Test
  void scenario2_breachStandsFromTheDeadline_withItsOverrun_forEver() {
    Desk desk = open(FULL, MAIL, "10:00").offered(ALICE).accepted(ALICE);
    desk.now = desk.clock().missedAt();
    desk.fires(Timer.Kind.BREACH);
    assertThat(announced(desk)).containsExactly("promise.breached");

    desk.now = desk.clock().dueAt().plusSeconds(30);
    desk.answered();
    desk.after(Duration.ofSeconds(1)).resolved();

    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock().overrunMs()).isEqualTo(30_000);
    assertThat(desk.books.breached).isEqualTo(1);
    assertThat(desk.books.verdicts).isEqualTo(1);
  }

  /** Chatwoot loses a miss of the next response or resolution that is shorter than its tick. */
  @Test
  void scenario2_lateByLessThanATick_isBreachedThoughNoTimerFired() {
    Desk desk = answered(FULL);
    at(desk, "10:06").customer("m2", "and then?");

    at(desk, "10:16").after(Duration.ofMillis(20)).answered();
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock(NEXT_RESPONSE).overrunMs()).isEqualTo(20);
    desk.now = desk.clock(RESOLUTION).dueAt().plusMillis(7);
    desk.resolved();

    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock(RESOLUTION).overrunMs()).isEqualTo(7);
  }

  @Test
  void scenario7_nextResponseRunsFromTheOldestUnansweredMessage_andResolvingVoidsIt() {
    Desk desk = answered(FULL);
    at(desk, "11:00").customer("m2", "one more thing");
    at(desk, "11:02").customer("m3", "are you there?");
    assertThat(desk.clock(NEXT_RESPONSE).startedAt()).isEqualTo(at("11:00"));
    assertThat(desk.clock(NEXT_RESPONSE).dueAt()).isEqualTo(at("11:10"));

    at(desk, "11:05").answered();
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.MET);
    at(desk, "11:06").customer("m4", "thanks");
    assertThat(desk.clock(NEXT_RESPONSE).spell()).isEqualTo(2);
    assertThat(desk.clock(NEXT_RESPONSE).startedAt()).isEqualTo(at("11:06"));
    at(desk, "11:07").on(new ConversationEvent.Resolve(AGENT, desk.state.epoch(), null));

    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.VOID);
    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.MET);
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.REOPEN_WINDOW);
    assertThat(desk.effects(Effect.ClockVerdict.class))
        .containsExactlyInAnyOrder(
            new Effect.ClockVerdict(NEXT_RESPONSE, State.VOID, "normal", -1),
            new Effect.ClockVerdict(RESOLUTION, State.MET, "normal", -1));
  }

  @Test
  void scenario8_botPhaseDoesNotCount_theClockOfPeopleStartsAtHandoff() {
    Desk desk = open(FULL, CHAT, "10:00");
    at(desk, "10:00").after(Duration.ofSeconds(5));
    desk.replies(Author.bot("faq"), desk.state.epoch(), "hello");
    assertThat(desk.state.clock()).isNull();
    assertThat(desk.state.laterClocks()).isEmpty();

    at(desk, "10:03").on(handOff(desk));
    assertThat(desk.clock().startedAt()).isEqualTo(at("10:03"));
    assertThat(desk.clock().dueAt()).isEqualTo(at("10:18"));
    assertThat(desk.clock(RESOLUTION).startedAt()).isEqualTo(at("10:03"));
    desk.offered(ALICE).accepted(ALICE);
    desk.now = at("10:18").plusMillis(1);
    desk.fires(Timer.Kind.BREACH);
    at(desk, "10:20").answered();

    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.clock().overrunMs()).isEqualTo(120_000);
  }

  private static ConversationEvent.HandOff handOff(Desk desk) {
    return new ConversationEvent.HandOff(
        "faq", desk.state.epoch(), "asked", null, Map.of(), null, null);
  }

  private static ClockPolicy fulfilledBy(Fulfilment by) {
    return new ClockPolicy(
        FULL.hours(), FULL.firstResponse(), null, null, FULL.warnings(), by, Raise.FROM_CHANGE);
  }

  @Test
  void scenario8_whereBotsCount_theClockStartsAtTheMessageAndTheBotKeepsIt() {
    Desk desk = open(fulfilledBy(Fulfilment.BOT), CHAT, "10:00");
    assertThat(desk.clock().startedAt()).isEqualTo(at("10:00"));

    desk.after(Duration.ofSeconds(5)).replies(Author.bot("faq"), desk.state.epoch(), "hello");
    assertThat(desk.clock().state()).isEqualTo(State.MET);
    at(desk, "10:03").on(handOff(desk));

    assertThat(desk.clock().spell()).isEqualTo(1);
    assertThat(desk.books.verdicts).isEqualTo(1);
  }

  @Test
  void scenario8_perTurn_everyTurnIsPromisedAnAnswerOfEither() {
    Desk desk = open(fulfilledBy(Fulfilment.TURN), CHAT, "10:00");
    desk.after(Duration.ofSeconds(5)).replies(Author.bot("faq"), desk.state.epoch(), "hello");
    at(desk, "10:01").customer("m2", "a person, please");
    at(desk, "10:02").customer("m3", "now");
    assertThat(desk.clock().spell()).isEqualTo(2);
    assertThat(desk.clock().startedAt()).isEqualTo(at("10:01"));

    at(desk, "10:03").on(handOff(desk));
    desk.offered(ALICE).accepted(ALICE);
    at(desk, "10:04").answered();
    at(desk, "10:30").customer("m4", "and?");

    assertThat(desk.clock().spell()).isEqualTo(3);
    assertThat(desk.books.met).isEqualTo(2);
  }

  @Test
  void scenario8_automaticAnswerOfOurs_neverCounts() {
    for (Fulfilment by : Fulfilment.values()) {
      Desk desk = open(fulfilledBy(by), MAIL, "10:00");

      desk.after(Duration.ofSeconds(1)).replies(Author.SYSTEM, desk.state.epoch(), "we got it");

      assertThat(desk.clock().state()).as(by.toString()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void scenario17_holidayAddedWhileClocksRun_movesThemOnce_withAnAuditLine() {
    ClockPolicy before = first(Duration.ofHours(4), office(null), Raise.FROM_CHANGE);
    ClockPolicy after = first(Duration.ofHours(4), office(MONDAY.plusDays(1)), Raise.FROM_CHANGE);
    Desk desk = open(before, MAIL, "16:00");
    Instant old = desk.clock().dueAt();
    assertThat(old).isEqualTo(at("11:00").plus(Duration.ofDays(1)));

    desk.rules = new ConversationRules(DeskTerms.terms(Map.of("normal", after)));
    at(desk, "16:30").on(new ConversationEvent.TermsChanged());

    Instant fresh = at("11:00").plus(Duration.ofDays(2));
    assertThat(desk.clock().dueAt()).isEqualTo(fresh);
    assertThat(audits(desk, "recomputed"))
        .extracting(Effect.Audit::details)
        .containsExactly(
            Map.of("clock", "firstResponse", "from", old.toString(), "to", fresh.toString()));
    assertThat(desk.state.armed().get(Timer.Kind.BREACH).due()).isEqualTo(fresh.plusMillis(1));
    desk.on(new ConversationEvent.TermsChanged());
    assertThat(desk.last.effects()).isEmpty();
  }

  @Test
  void scenario17_whatAVisitorWasTold_staysBindingIfItIsEarlier() {
    ClockPolicy before = first(Duration.ofHours(4), office(null), Raise.FROM_CHANGE);
    Desk later = handedOff(before);
    Desk sooner = handedOff(before);
    Instant old = later.clock().dueAt();

    later.rules = rules(first(Duration.ofHours(5), office(null), Raise.FROM_CHANGE));
    later.on(new ConversationEvent.TermsChanged());
    sooner.rules = rules(first(Duration.ofHours(3), office(null), Raise.FROM_CHANGE));
    sooner.on(new ConversationEvent.TermsChanged());

    assertThat(later.clock().dueAt()).isEqualTo(old);
    assertThat(sooner.clock().dueAt()).isEqualTo(old.minus(Duration.ofHours(1)));
  }

  private static Desk handedOff(ClockPolicy policy) {
    Desk desk = open(policy, CHAT, "10:00");
    desk.on(handOff(desk));
    return desk;
  }

  private static ConversationRules rules(ClockPolicy normal) {
    return new ConversationRules(DeskTerms.terms(Map.of("normal", normal)));
  }

  @Test
  void scenario17_verdictsNeverChange() {
    Desk desk = answered(first(Duration.ofMinutes(1), office(null), Raise.FROM_CHANGE));
    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);

    desk.rules = rules(first(Duration.ofHours(9), office(null), Raise.FROM_CHANGE));
    desk.on(new ConversationEvent.TermsChanged());

    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
  }

  private static Desk raised(Raise raise) {
    Terms terms =
        DeskTerms.terms(
            Map.of(
                "normal", first(Duration.ofHours(4), WorkingTime.always(), Raise.FROM_CHANGE),
                "urgent", first(Duration.ofHours(1), WorkingTime.always(), raise)));
    Desk desk = Desk.under(terms, MAIL, "hello", at("09:00"));
    at(desk, "11:30").on(new ConversationEvent.ChangePromise(SUPERVISOR, "urgent"));
    return desk;
  }

  @Test
  void scenario18_raisedFromTheChange_isDueAnHourAfterIt() {
    Desk desk = raised(Raise.FROM_CHANGE);

    assertThat(desk.clock().dueAt()).isEqualTo(at("12:30"));
    assertThat(desk.clock().state()).isEqualTo(State.RUNNING);
    desk.on(new ConversationEvent.TermsChanged());
    assertThat(desk.clock().dueAt()).isEqualTo(at("12:30"));
  }

  /** Taken from the bot and answered at once: only the later clocks ever ran. */
  @Test
  void scenario18_raisedWithoutAFirstResponse_bringsTheLaterDeadlinesNearer() {
    ClockPolicy urgent =
        new ClockPolicy(
            WorkingTime.always(),
            Target.of(Duration.ofMinutes(5)),
            Target.of(Duration.ofMinutes(5)),
            Target.of(Duration.ofHours(1)),
            List.of(Warning.after(0.75)),
            Fulfilment.HUMAN,
            Raise.FROM_CHANGE);
    Desk desk =
        Desk.under(
            DeskTerms.terms(Map.of("normal", FULL, "urgent", urgent)), CHAT, "hello", at("10:00"));
    desk.on(
        new ConversationEvent.Assign(DeskTerms.fence(ALICE), 2, SUPERVISOR, DeskTerms.why(), true));
    desk.answered();
    at(desk, "10:05").customer("m2", "and then?");
    ResponseClock first = desk.state.clock();

    at(desk, "10:06").on(new ConversationEvent.ChangePromise(SUPERVISOR, "urgent"));

    assertThat(first == null || first.state() == State.MET).isTrue();
    assertThat(desk.clock(NEXT_RESPONSE).dueAt()).isEqualTo(at("10:11"));
    assertThat(desk.clock(RESOLUTION).dueAt()).isEqualTo(at("11:06"));
    desk.on(new ConversationEvent.TermsChanged());
    assertThat(desk.last.effects()).isEmpty();
  }

  @Test
  void scenario18_raisedFromCreation_isBreachedNow_andSaysRetroactive() {
    Desk desk = raised(Raise.FROM_CREATION);

    assertThat(desk.clock().dueAt()).isEqualTo(at("10:00"));
    assertThat(desk.clock().state()).isEqualTo(State.BREACHED);
    assertThat(desk.effects(Effect.Announced.class))
        .extracting(Effect.Announced::details)
        .anyMatch(details -> "true".equals(details.get("retroactive")));
    assertThat(audits(desk, "breached").get(0).details()).containsEntry("retroactive", "true");
  }

  @Test
  void scenario18_lowering_neitherUnbreachesNorMovesAway() {
    Desk breached = raised(Raise.FROM_CREATION);
    Desk running = raised(Raise.FROM_CHANGE);

    breached.on(new ConversationEvent.ChangePromise(SUPERVISOR, "normal"));
    running.on(new ConversationEvent.ChangePromise(SUPERVISOR, "normal"));
    running.on(new ConversationEvent.TermsChanged());

    assertThat(breached.clock().state()).isEqualTo(State.BREACHED);
    assertThat(running.clock().dueAt()).isEqualTo(at("12:30"));
  }

  @Test
  void scenario19_pauseOnTheCustomer_isRefusedWithoutAnAnswerAfterTheirLastMessage() {
    Desk desk = open(FULL, MAIL, "10:00").offered(ALICE).accepted(ALICE);
    desk.on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, null));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);

    at(desk, "10:05").answered();
    at(desk, "10:06").customer("m2", "but");
    desk.on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, null));

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.RUNNING);
    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.RUNNING);
  }

  @Test
  void scenario19_noteIsNoAnswer() {
    Desk desk = open(FULL, MAIL, "10:00").offered(ALICE).accepted(ALICE);
    desk.on(
        new ConversationEvent.Note(
            AGENT, new dev.frontdesk.connector.MessageContent.Text("wrote to them"), null));

    desk.on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, null));

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void scenario19_customersMessage_resumesAtOnceWithWhatIsLeft_andEveryIntervalIsInTheAudit() {
    Desk desk = answered(FULL);
    at(desk, "10:06").on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, null));
    long left = Duration.ofHours(24).minusMinutes(6).toMillis();
    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.PAUSED);
    assertThat(desk.clock(RESOLUTION).course().remainingMs()).isEqualTo(left);
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.RESOLUTION_BREACH);
    assertThat(audits(desk, "clock-paused").get(0).details())
        .containsEntry("remainingMs", Long.toString(left));

    at(desk, "13:06").customer("m2", "here is the photo");

    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.RUNNING);
    assertThat(desk.clock(RESOLUTION).dueAt()).isEqualTo(at("13:00").plus(Duration.ofHours(24)));
    assertThat(desk.clock(NEXT_RESPONSE).startedAt()).isEqualTo(at("13:06"));
    assertThat(audits(desk, "clock-resumed").get(0).details())
        .containsEntry("remainingMs", Long.toString(left));
    assertThat(audits(desk, "resumed")).hasSize(1);
  }

  @Test
  void scenario19_everyWayOutOfAPause_letsTheClockRun() {
    List<java.util.function.Consumer<Desk>> ways =
        List.of(
            desk -> desk.on(new ConversationEvent.Resume(AGENT)),
            desk -> desk.fires(Timer.Kind.PAUSE),
            desk -> desk.on(new ConversationEvent.Release(AGENT)),
            desk ->
                desk.on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.INTERNAL, null)),
            desk -> desk.on(new ConversationEvent.Transfer(AGENT, null, 0, "billing")));
    for (java.util.function.Consumer<Desk> way : ways) {
      Desk desk = answered(FULL);
      at(desk, "10:06")
          .on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, at("12:06")));
      way.accept(at(desk, "12:06"));

      assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.RUNNING);
      assertThat(desk.clock(RESOLUTION).dueAt()).isEqualTo(at("12:00").plus(Duration.ofHours(24)));
    }
  }

  @Test
  void scenario19_resolvedWhilePaused_isMet() {
    Desk desk = answered(FULL);
    at(desk, "10:06").on(new ConversationEvent.Pause(AGENT, Conversation.Pause.On.CUSTOMER, null));
    desk.after(Duration.ofDays(3)).resolved();

    assertThat(desk.clock(RESOLUTION).state()).isEqualTo(State.MET);
  }

  @Test
  void warningLevels_comeOneAfterTheOther_andOnceEach() {
    ClockPolicy levels =
        new ClockPolicy(
            WorkingTime.always(),
            Target.of(Duration.ofHours(4)),
            null,
            null,
            List.of(
                Warning.before(Duration.ofMinutes(30)), Warning.after(0.5), Warning.after(0.75)),
            Fulfilment.HUMAN,
            Raise.FROM_CHANGE);
    Desk desk = open(levels, MAIL, "10:00");

    assertThat(desk.clock().warnAt()).isEqualTo(at("12:00"));
    at(desk, "12:00").fires(Timer.Kind.WARNING);
    assertThat(announced(desk)).containsExactly("promise.at-risk");
    assertThat(desk.clock().warned()).isTrue();
    assertThat(desk.clock().warnAt()).isEqualTo(at("13:00"));
    at(desk, "13:00").fires(Timer.Kind.WARNING);
    at(desk, "13:30").fires(Timer.Kind.WARNING);
    assertThat(desk.effects(Effect.Announced.class).get(0).details()).containsEntry("level", "3");

    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.WARNING);
    assertThat(desk.clock().dueAt()).isEqualTo(at("14:00"));
  }

  @Test
  void resolution_startsAgainWhenTheConversationIsReopened() {
    Desk desk = answered(FULL);
    at(desk, "10:06").resolved();
    desk.after(Duration.ofSeconds(30)).customer("m2", "still broken");

    assertThat(desk.clock(RESOLUTION).spell()).isEqualTo(2);
    assertThat(desk.clock(RESOLUTION).startedAt()).isEqualTo(desk.now);
    assertThat(desk.clock(NEXT_RESPONSE).state()).isEqualTo(State.RUNNING);
    assertThat(desk.clock(FIRST_RESPONSE).spell()).isEqualTo(1);
  }
}
