// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What fills queues and agents: overflow after a wait or at a length, and inactive conversations.
 */
class OccupancyTest {

  private static final Terms TERMS = DeskTerms.occupied(DeskTerms.terms());

  private static Desk desk(String text) {
    return Desk.of(TERMS, DeskTerms.MAIL, says("m1", text, DeskTerms.T0));
  }

  private static Desk answered() {
    return desk("hello").offered(ALICE).accepted(ALICE).after(seconds(1)).answered();
  }

  @Test
  void overflow_afterTheWait_keepsAgeClockAndDeclines() {
    Desk desk = desk("hello").offered(ALICE);
    desk.after(seconds(1)).on(new ConversationEvent.Decline(ALICE, "offer-alice", null, null));
    Effect.Queued before = desk.effects(Effect.Queued.class).get(0);

    desk.at(seconds(7)).fires(Timer.Kind.OVERFLOW);

    Effect.Queued after = desk.effects(Effect.Queued.class).get(0);
    assertThat(after.bucket().queue()).isEqualTo("billing");
    assertThat(after.arrival()).isEqualTo(before.arrival()).isEqualTo(DeskTerms.T0);
    assertThat(after.entered()).as("what counts from entering begins anew").isEqualTo(desk.now);
    assertThat(after.due()).isEqualTo(before.due());
    assertThat(after.declined()).isEqualTo(before.declined());
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    assertThat(desk.effects(Effect.Audit.class))
        .extracting(Effect.Audit::what)
        .containsExactly("overflowed");
  }

  @Test
  void overflow_ofABreachedOne_leavesVerdictAndDeadline() {
    Desk desk = desk("urgent");
    desk.at(seconds(3)).fires(Timer.Kind.BREACH);
    Instant due = desk.clock().dueAt();

    desk.at(seconds(7)).fires(Timer.Kind.OVERFLOW);

    assertThat(desk.state.triage().queue()).isEqualTo("billing");
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.BREACHED);
    assertThat(desk.clock().dueAt()).isEqualTo(due);
    assertThat(desk.effects(Effect.Queued.class).get(0).late()).isTrue();
    assertThat(desk.effects(Effect.VerdictGiven.class)).isEmpty();
    assertThat(desk.effects(Effect.SpellStarted.class)).isEmpty();
  }

  @Test
  void overflow_whileItIsOffered_comesWhenTheOfferEnds() {
    Desk desk = desk("hello").at(seconds(6)).offered(ALICE);
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.OVERFLOW);

    desk.at(seconds(26)).fires(Timer.Kind.OFFER);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.triage().queue()).isEqualTo("billing");
  }

  @Test
  void fullQueue_opensInTheNext_andTellsSo() {
    Transition opened =
        new ConversationRules(TERMS)
            .open(
                DeskTerms.ID,
                DeskTerms.MAIL,
                says("m1", "hello", DeskTerms.T0),
                Surroundings.UNKNOWN.full("support"),
                DeskTerms.T0);

    assertThat(opened.next().triage().queue()).isEqualTo("billing");
    assertThat(opened.next().clock()).isNotNull();
    assertThat(opened.effects())
        .anyMatch(e -> e instanceof Effect.Audit a && "support".equals(a.details().get("full")));
  }

  @Test
  void fullQueues_allAlongTheWay_leaveItInItsOwn() {
    Occupancy occupancy =
        new Occupancy(
            Map.of("a", new Occupancy.Overflow("b", null), "b", new Occupancy.Overflow("c", null)),
            null,
            0);

    assertThat(occupancy.open("a", Set.of("a"), Map.of())).isEqualTo("b");
    assertThat(occupancy.open("a", Set.of("a", "b"), Map.of())).isEqualTo("c");
    assertThat(occupancy.open("a", Set.of("a", "b", "c"), Map.of())).isEqualTo("a");
    assertThat(occupancy.open("c", Set.of("c"), Map.of())).isEqualTo("c");
  }

  /** Billing is served by somebody with refunds:1; nobody else. */
  private static Desk staffed(Map<String, Integer> skills) {
    Occupancy plain = TERMS.occupancy();
    Agent dora =
        new Agent(new Agent.Id("dora"), List.of("billing"), Map.of("refunds", 1), List.of(), 4);
    Terms terms =
        DeskTerms.with(
            new Occupancy(
                plain.overflows(),
                plain.inactiveAfter(),
                plain.inactiveCost(),
                Map.of("billing", List.of(dora))),
            subject -> new Triage("support", "normal", 5, skills, null, null, null, List.of()),
            TERMS);
    return Desk.of(terms, DeskTerms.MAIL, says("m1", "hello", DeskTerms.T0));
  }

  @Test
  void overflow_toWhereNobodyHasTheSkills_stays_andTellsSoOnce() {
    Desk desk = staffed(Map.of("refunds", 2));
    desk.at(seconds(7)).fires(Timer.Kind.OVERFLOW);

    assertThat(desk.state.triage().queue()).isEqualTo("support");
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.OVERFLOW);
    assertThat(desk.effects(Effect.Queued.class)).isEmpty();
    Effect.Audit line = desk.effects(Effect.Audit.class).get(0);
    assertThat(line.what()).isEqualTo("not-overflowed");
    assertThat(line.details())
        .containsExactlyInAnyOrderEntriesOf(Map.of("queue", "billing", "skills", "refunds:2"));
    desk.after(seconds(1)).customer("m2", "hello?");
    assertThat(told(desk)).isFalse();
    desk.offered(ALICE).after(seconds(1));
    desk.on(new ConversationEvent.Decline(ALICE, "offer-alice", null, null));
    assertThat(told(desk)).isFalse();
  }

  @Test
  void overflow_thatFallsDueDuringAnOffer_andMayNotGo_isToldOnce() {
    Desk desk = staffed(Map.of("refunds", 2)).at(seconds(6)).offered(ALICE);

    desk.after(seconds(2)).customer("m2", "hello?");
    assertThat(told(desk)).isTrue();
    desk.at(seconds(26)).fires(Timer.Kind.OFFER);

    assertThat(told(desk)).isFalse();
    assertThat(desk.state.triage().queue()).isEqualTo("support");
  }

  private static boolean told(Desk desk) {
    return desk.effects(Effect.Audit.class).stream()
        .anyMatch(line -> line.what().equals("not-overflowed"));
  }

  @Test
  void overflow_toWhereSomebodyHasTheSkills_goes() {
    Desk desk = staffed(Map.of("refunds", 1));

    desk.at(seconds(7)).fires(Timer.Kind.OVERFLOW);

    assertThat(desk.state.triage().queue()).isEqualTo("billing");
  }

  @Test
  void fullQueue_opensWhereSomebodyHasTheSkills_elseInItsOwn() {
    Agent expert = new Agent(new Agent.Id("eve"), List.of("c"), Map.of("refunds", 3), List.of(), 4);
    Occupancy occupancy =
        new Occupancy(
            Map.of("a", new Occupancy.Overflow("b", null), "b", new Occupancy.Overflow("c", null)),
            null,
            0,
            Map.of("b", List.of(), "c", List.of(expert)));

    assertThat(occupancy.open("a", Set.of("a"), Map.of("refunds", 2))).isEqualTo("c");
    assertThat(occupancy.open("a", Set.of("a"), Map.of("refunds", 4))).isEqualTo("a");
    assertThat(occupancy.open("a", Set.of("a", "c"), Map.of())).isEqualTo("a");
  }

  @Test
  void transfer_toAQueue_keepsAgeAndClock_andItsStepsCountAnew() {
    Desk desk = desk("hello").offered(ALICE).accepted(ALICE);
    Instant due = desk.clock().dueAt();

    desk.at(seconds(5)).on(new ConversationEvent.Transfer(Author.agent(ALICE), null, 0, "billing"));

    Effect.Queued queued = desk.effects(Effect.Queued.class).get(0);
    assertThat(queued.arrival()).isEqualTo(DeskTerms.T0);
    assertThat(queued.entered()).isEqualTo(desk.now);
    assertThat(desk.clock().dueAt()).isEqualTo(due);
  }

  @Test
  void inactive_costsLess_andTheCustomersMessageRestoresExactlyThat() {
    Desk desk = answered();
    assertThat(desk.state.load().cost()).isEqualTo(2);

    desk.after(seconds(3)).fires(Timer.Kind.INACTIVE);
    assertThat(desk.effects(Effect.LoadChanged.class))
        .containsExactly(new Effect.LoadChanged(ALICE, 2, 1));
    assertThat(desk.state.load().cost()).isEqualTo(1);

    desk.customer("m2", "still here");
    assertThat(desk.effects(Effect.LoadChanged.class))
        .containsExactly(new Effect.LoadChanged(ALICE, 1, 2));
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.INACTIVE);
  }

  @Test
  void inactive_releasedOrTransferred_givesBackWhatWasCharged_once() {
    Desk desk = answered();
    desk.after(seconds(3)).fires(Timer.Kind.INACTIVE);

    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), DeskTerms.fence(BOB), 2, null));

    assertThat(desk.effects(Effect.LoadReleased.class))
        .containsExactly(new Effect.LoadReleased(ALICE, 1));
    assertThat(desk.effects(Effect.LoadCharged.class).get(0).cost()).isEqualTo(2);
    assertThat(desk.state.armed()).containsKey(Timer.Kind.INACTIVE);
  }

  @Test
  void inactive_countsFromTheLastAnswer() {
    Desk desk = answered().after(seconds(2)).answered();

    assertThat(desk.state.armed().get(Timer.Kind.INACTIVE).due())
        .isEqualTo(desk.now.plus(seconds(3)));
  }

  @Test
  void plainTerms_armNothingMore() {
    Desk desk = Desk.assigned().answered();

    assertThat(desk.state.armed()).doesNotContainKeys(Timer.Kind.INACTIVE, Timer.Kind.OVERFLOW);
    assertThat(desk.state.queuedSince()).isNull();
  }

  @Test
  void fullConversation_whoseClockWasBreached_isFollowedByOneWithTheSameBreach() {
    Desk desk = Desk.mail("urgent");
    desk.at(seconds(3)).fires(Timer.Kind.BREACH);
    Instant due = desk.clock().dueAt();
    for (int i = 2; i <= 81; i++) {
      desk.customer("m" + i, "more");
    }
    desk.on(new ConversationEvent.Overflow());

    Transition next =
        new ConversationRules(DeskTerms.terms())
            .follow(
                new Conversation.Id("next"),
                desk.state,
                InboundEvent.Received.of(
                    "m81", ContactRef.of("u1"), desk.now, new MessageContent.Text("more")),
                desk.now);

    ResponseClock clock = Objects.requireNonNull(next.next().clock());
    assertThat(clock.state()).isEqualTo(ResponseClock.State.BREACHED);
    assertThat(clock.isOpen()).isTrue();
    assertThat(clock.dueAt()).isEqualTo(due);
    assertThat(next.effects())
        .noneMatch(e -> e instanceof Effect.SpellStarted || e instanceof Effect.VerdictGiven);
    assertThat(next.next().armed()).doesNotContainKey(Timer.Kind.BREACH);
    assertThat(next.effects()).anyMatch(e -> e instanceof Effect.Queued q && q.late());
  }
}
