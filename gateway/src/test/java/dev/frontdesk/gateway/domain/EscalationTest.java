// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The ladder of a promise: told level by level while it is not kept, and only then. */
class EscalationTest {

  private static final Ladder.Target TO_BOB = new Ladder.Supervisors("bob", false, List.of(BOB));
  private static final Ladder.Target OPS =
      new Ladder.Person("mail", "ops@example.com", "{conversation} {promise} level {level}");
  private static final Ladder LADDER =
      Ladder.of(
          List.of(
              level(Ladder.Moment.BEFORE, 1, TO_BOB),
              level(Ladder.Moment.BREACH, 0, TO_BOB),
              level(Ladder.Moment.BREACH, 10, new Ladder.Endpoint("crm")),
              level(Ladder.Moment.BREACH, 20, OPS)));

  private static Ladder.Level level(Ladder.Moment moment, long seconds, Ladder.Target to) {
    return new Ladder.Level(ClockKind.FIRST_RESPONSE, moment, seconds(seconds), to);
  }

  private static ClockPolicy policy(Duration first, WorkingTime hours, Ladder ladder) {
    return new ClockPolicy(
        hours,
        Target.of(first),
        null,
        null,
        null,
        null,
        List.of(ClockPolicy.Warning.after(0.75)),
        ClockPolicy.Fulfilment.HUMAN,
        ClockPolicy.Raise.FROM_CHANGE,
        ladder);
  }

  private static Terms terms(Ladder normal, Ladder urgent) {
    return DeskTerms.terms(
        Map.of(
            "normal", policy(DeskTerms.NORMAL, WorkingTime.always(), normal),
            "urgent", policy(DeskTerms.URGENT, WorkingTime.always(), urgent)));
  }

  private static Desk desk(Ladder ladder) {
    return Desk.under(terms(ladder, Ladder.NONE), DeskTerms.MAIL, "hello", T0);
  }

  /** Fires the next level when it is due; what it said. */
  private static List<Effect.Announced> climb(Desk desk) {
    desk.now =
        Objects.requireNonNull(desk.state.armed().get(Timer.Kind.ESCALATION), "no level").due();
    desk.fires(Timer.Kind.ESCALATION);
    return desk.effects(Effect.Announced.class);
  }

  private static boolean isArmed(Desk desk) {
    return desk.state.armed().containsKey(Timer.Kind.ESCALATION);
  }

  @Test
  void levels_areToldInTheirOrder_eachOnce() {
    Desk desk = desk(LADDER);
    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due()).isEqualTo(T0.plusSeconds(7));

    climb(desk);
    assertThat(desk.effects(Effect.InboxRow.class))
        .containsExactly(new Effect.InboxRow(BOB, Effect.InboxRow.Change.UPDATED, 0, "escalated"));
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);

    assertThat(climb(desk)).extracting(Effect.Announced::name).contains("promise.escalated");
    assertThat(desk.now).isEqualTo(T0.plusMillis(8_001));
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.BREACHED);

    List<Effect.Announced> third = climb(desk);
    assertThat(desk.now).isEqualTo(T0.plusSeconds(18));
    assertThat(third.get(0).details())
        .containsEntry(Effect.Announced.ENDPOINT, "crm")
        .containsEntry("level", "3");

    climb(desk);
    assertThat(desk.effects(Effect.NoticeDue.class))
        .containsExactly(new Effect.NoticeDue(new Notice(DeskTerms.ID, "normal", 4, 1)));
    assertThat(isArmed(desk)).isFalse();
    assertThat(desk.books.escalated).hasSize(4);
  }

  @Test
  void answeredBefore_nobodyIsTold() {
    Desk desk = desk(LADDER).offered(ALICE).accepted(ALICE);
    ConversationEvent stale =
        new ConversationEvent.Fired(
            new Timer(
                Timer.Kind.ESCALATION,
                DeskTerms.ID.value(),
                desk.state.armed().get(Timer.Kind.ESCALATION).generation()));
    desk.at(seconds(6)).answered();

    desk.at(seconds(7)).on(stale);

    assertThat(desk.last.effects()).isEmpty();
    assertThat(isArmed(desk)).isFalse();
    assertThat(desk.state.escalation()).isNull();
  }

  /** The answer came with the deadline, and the level's timer is claimed by another node then. */
  @Test
  void answeredAtTheDeadline_isMet_andTheLevelOfTheBreachIsSuppressed() {
    Desk desk = desk(LADDER).offered(ALICE).accepted(ALICE);
    climb(desk);

    desk.at(seconds(8)).answered();

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
    assertThat(isArmed(desk)).isFalse();
  }

  @Test
  void levelsThatAreDueTogether_afterATimeWithoutAGateway_areToldInOrder() {
    Desk desk = desk(LADDER);

    desk.at(seconds(19)).fires(Timer.Kind.ESCALATION);

    assertThat(desk.effects(Effect.Audit.class))
        .filteredOn(line -> line.what().equals("escalated"))
        .extracting(line -> line.details().get("level"))
        .containsExactly("1", "2", "3");
    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due()).isEqualTo(T0.plusSeconds(28));
  }

  @Test
  void acknowledged_noLevelFollows_untilAnotherSpell() {
    Desk desk = desk(LADDER).offered(ALICE).accepted(ALICE);
    desk.on(new ConversationEvent.Acknowledge(Author.agent(BOB)));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    climb(desk);

    desk.on(new ConversationEvent.Acknowledge(Author.agent(BOB)));
    assertThat(desk.effects(Effect.Announced.class))
        .containsExactly(new Effect.Announced("promise.acknowledged", Map.of("level", "1")));
    assertThat(isArmed(desk)).isFalse();
    desk.on(new ConversationEvent.Acknowledge(Author.agent(ALICE)));

    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.state.escalation().acknowledgedBy()).isEqualTo("bob");
    desk.answered().sends("n1", false);
    desk.sent(new SendResult.Rejected(SendResult.Cause.RECIPIENT, "2", "gone"), null);
    assertThat(desk.clock().spell()).isEqualTo(2);
    assertThat(isArmed(desk)).as("the answer never arrived").isTrue();
  }

  @Test
  void resolved_nobodyIsTold() {
    Desk desk = desk(LADDER).resolved();

    assertThat(isArmed(desk)).isFalse();
    desk.on(new ConversationEvent.Acknowledge(Author.agent(BOB)));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void contactWhoIsTheCustomer_isNotWrittenTo() {
    Ladder own =
        Ladder.of(List.of(level(Ladder.Moment.BREACH, 0, new Ladder.Person("mail", "u1", "x"))));
    Desk desk = desk(own);

    climb(desk);

    assertThat(desk.effects(Effect.NoticeDue.class)).isEmpty();
    assertThat(desk.effects(Effect.Audit.class))
        .anyMatch(line -> line.details().containsValue("own-conversation"));
  }

  @Test
  void withoutALadder_nothingIsKept() {
    Desk desk = desk(Ladder.NONE);

    assertThat(desk.state.escalation()).isNull();
    assertThat(isArmed(desk)).isFalse();
  }

  /** Promise raised: the ladder of the nearer deadline counts from its beginning. */
  @Test
  void raised_climbsTheOtherLadder() {
    Ladder urgent = Ladder.of(List.of(level(Ladder.Moment.BREACH, 5, TO_BOB)));
    Desk desk = Desk.under(terms(LADDER, urgent), DeskTerms.MAIL, "hello", T0);

    desk.at(seconds(1)).on(new ConversationEvent.ChangePromise(Author.SYSTEM, "urgent"));

    assertThat(desk.clock().dueAt()).isEqualTo(T0.plusSeconds(3));
    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due()).isEqualTo(T0.plusSeconds(8));
  }

  /** Lowered: the deadline stays, and so does what was told of it. */
  @Test
  void lowered_isNotToldOnceMore() {
    Desk desk = Desk.under(terms(LADDER, LADDER), DeskTerms.MAIL, "urgent", T0);
    desk.at(seconds(4)).fires(Timer.Kind.ESCALATION);
    assertThat(desk.books.escalated).hasSize(2);

    desk.on(new ConversationEvent.ChangePromise(Author.SYSTEM, "normal"));

    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due()).isEqualTo(T0.plusSeconds(12));
  }

  @Test
  void ladderThatAReloadChanged_goesOnWithWhatIsAhead() {
    Desk desk = desk(Ladder.of(List.of(level(Ladder.Moment.BREACH, 0, TO_BOB))));
    climb(desk);
    Ladder other =
        Ladder.of(
            List.of(level(Ladder.Moment.WARNING, 0, OPS), level(Ladder.Moment.BREACH, 9, TO_BOB)));
    desk.rules = new ConversationRules(terms(other, Ladder.NONE));

    desk.at(seconds(9)).on(new ConversationEvent.TermsChanged());
    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due()).isEqualTo(T0.plusSeconds(17));

    desk.rules = new ConversationRules(terms(Ladder.NONE, Ladder.NONE));
    desk.on(new ConversationEvent.TermsChanged());
    assertThat(isArmed(desk)).isFalse();
    assertThat(desk.state.escalation()).isNull();
  }

  /**
   * The level's own timer fires before the sweep came by: the policy is another one, so silence.
   */
  @Test
  void ladderThatAReloadChanged_suppressesALevelThatFires() {
    Desk desk = desk(Ladder.of(List.of(level(Ladder.Moment.BREACH, 0, TO_BOB))));
    desk.rules =
        new ConversationRules(
            terms(Ladder.of(List.of(level(Ladder.Moment.WARNING, 0, OPS))), Ladder.NONE));

    assertThat(climb(desk)).extracting(Effect.Announced::name).containsOnly("promise.breached");
  }

  /** Closed between the breach and the level: nobody is woken at night for ten minutes of delay. */
  @Test
  void delay_isCountedOnTheCalendar() {
    Instant nine = Instant.parse("2026-11-20T09:00:00Z");
    WorkingTime hours =
        WorkingTime.of(
            ZoneOffset.UTC,
            new OpenDays(
                Map.of(
                    DayOfWeek.FRIDAY, List.of(new Window(9 * 60, 10 * 60)),
                    DayOfWeek.MONDAY, List.of(new Window(9 * 60, 10 * 60))),
                List.of(),
                Map.of()));
    Ladder ladder =
        Ladder.of(
            List.of(
                new Ladder.Level(
                    ClockKind.FIRST_RESPONSE,
                    Ladder.Moment.BREACH,
                    Duration.ofMinutes(10),
                    TO_BOB)));
    Desk desk =
        Desk.under(
            DeskTerms.terms(Map.of("normal", policy(Duration.ofMinutes(55), hours, ladder))),
            DeskTerms.MAIL,
            "hello",
            nine);

    assertThat(desk.state.armed().get(Timer.Kind.ESCALATION).due())
        .isEqualTo(Instant.parse("2026-11-23T09:05:00Z"));
  }

  /** The bound of messages cut the conversation in two, not the promise. */
  @Test
  void followerOfAFullConversation_isNotToldAgainWhatWasTold() {
    Desk desk = desk(LADDER);
    climb(desk);
    climb(desk);
    while (desk.state.lastSeq() < desk.rules.terms().maxMessages()) {
      desk.customer("fill-" + desk.state.lastSeq(), "more");
    }
    desk.on(new ConversationEvent.Overflow());

    Transition next =
        desk.rules.follow(
            new Conversation.Id("f".repeat(22)),
            desk.state,
            says("next", "more", desk.now),
            desk.now);

    assertThat(next.next().clock().state()).isEqualTo(ResponseClock.State.BREACHED);
    Conversation.Armed armed = next.next().armed().get(Timer.Kind.ESCALATION);
    assertThat(armed.due()).as("the third level is the next").isEqualTo(T0.plusSeconds(18));
    Transition third =
        desk.rules.apply(
            next.next(),
            new ConversationEvent.Fired(
                new Timer(Timer.Kind.ESCALATION, "f".repeat(22), armed.generation())),
            armed.due());
    assertThat(third.effects())
        .filteredOn(Effect.Announced.class::isInstance)
        .extracting(effect -> ((Effect.Announced) effect).details().get("level"))
        .containsExactly("3");
  }

  @Test
  void noticeThatIsRefused_isToldWhereItCameFrom() {
    Desk desk = desk(LADDER).offered(ALICE).accepted(ALICE);

    desk.on(new ConversationEvent.Unsaid("normal", 4, "mail"));

    assertThat(desk.effects(Effect.Audit.class).get(0).details())
        .containsEntry("level", "4")
        .containsEntry("to", "channel:mail");
    assertThat(desk.effects(Effect.InboxRow.class))
        .containsExactly(
            new Effect.InboxRow(ALICE, Effect.InboxRow.Change.UPDATED, 0, "notice-refused"));
  }

  @Test
  void notice_opensAResolvedConversation_andJoinsItNextTime() {
    ConversationRules rules = DeskTerms.rules();
    ConversationEvent.Notify first =
        new ConversationEvent.Notify(DeskTerms.ID, "level 4", new Operation("a", ""));
    ContactKey ops = new ContactKey("mail", "ops", null);
    Books books = new Books();

    Transition opened = rules.notify(new Conversation.Id("n".repeat(22)), ops, first, T0);
    books.follow(null, opened, T0);
    Transition again = rules.apply(opened.next(), first, T0.plusSeconds(1));
    books.follow(opened.next(), again, T0.plusSeconds(1));
    Transition more =
        rules.apply(
            again.next(),
            new ConversationEvent.Notify(DeskTerms.ID, "level 5", new Operation("b", "")),
            T0.plusSeconds(2));
    books.follow(again.next(), more, T0.plusSeconds(2));

    assertThat(opened.next().stage()).isEqualTo(Conversation.Stage.RESOLVED);
    assertThat(opened.next().clock()).isNull();
    assertThat(again.effects()).as("the same again").isEmpty();
    assertThat(books.messages)
        .extracting(message -> message.content().text())
        .containsExactly("level 4", "level 5");
    assertThat(more.next().outbox()).hasSize(2);
  }

  /** What the contact writes back is a customer's message like any other. */
  @Test
  void contactWhoAnswersANotice_isServed() {
    ConversationRules rules = DeskTerms.rules();
    ContactKey ops = new ContactKey("mail", "u1", null);
    Transition opened =
        rules.notify(
            new Conversation.Id("n".repeat(22)),
            ops,
            new ConversationEvent.Notify(DeskTerms.ID, "level 4", new Operation("a", "")),
            T0);

    Transition wrote =
        rules.apply(
            opened.next(),
            new ConversationEvent.Inbound(says("k", "on it", T0), null),
            T0.plusSeconds(9));

    assertThat(wrote.next().stage()).isEqualTo(Conversation.Stage.WAITING);
  }

  @Test
  void noticeTimer_readsBack_andFindsItsLevel() {
    Notice notice = new Notice(DeskTerms.ID, "normal", 4, 2);
    Terms terms = terms(LADDER, Ladder.NONE);
    Desk desk = desk(LADDER);

    assertThat(Notice.of(Timer.parse(notice.timer().member()))).isEqualTo(notice);
    Ladder.Person person = notice.person(terms).orElseThrow();
    assertThat(notice.text(person, desk.state)).isEqualTo(DeskTerms.ID + " normal level 4");
    assertThat(new Notice(DeskTerms.ID, "normal", 3, 1).person(terms)).isEmpty();
    assertThat(new Notice(DeskTerms.ID, "normal", 5, 1).person(terms)).isEmpty();
    assertThat(new Notice(DeskTerms.ID, "gone", 1, 1).person(terms)).isEmpty();
  }
}
