// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What waits past its deadline stands in the late lane, whether or not a clock runs: at the head of
 * the other one it would hide those who can still be served in time.
 */
class QueueLatenessTest {

  private static Effect.Queued row(Desk desk) {
    List<Effect.Queued> rows = desk.effects(Effect.Queued.class);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  /** Answered, resolved, and the customer writes again: no first response is owed any more. */
  private static Desk again() {
    return Desk.assigned().answered().resolved().after(seconds(1)).customer("m2", "again");
  }

  @Test
  void cameBack_withoutAClock_isLateAMillisecondAfterItsTime() {
    Desk desk = again();
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    Effect.Queued waits = row(desk);
    assertThat(waits.late()).isFalse();
    assertThat(waits.due()).isEqualTo(desk.now.plus(DeskTerms.NORMAL));
    assertThat(desk.state.armed().get(Timer.Kind.LATE).due()).isEqualTo(waits.due().plusMillis(1));

    desk.now = waits.due();
    desk.customer("m3", "hello?");
    assertThat(desk.effects(Effect.Queued.class)).as("exactly at it it is on time").isEmpty();
    desk.after(Duration.ofMillis(1)).fires(Timer.Kind.LATE);

    assertThat(row(desk).late()).isTrue();
    assertThat(row(desk).due()).isEqualTo(waits.due());
    assertThat(desk.effects(Effect.Unqueued.class).get(0).late()).isFalse();
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.LATE);
    assertThat(desk.effects(Effect.VerdictGiven.class)).isEmpty();
  }

  @Test
  void cameBack_andTheTimerIsLate_anyEventMovesIt() {
    Desk desk = again();

    desk.after(Duration.ofDays(2)).customer("m3", "hello?");

    assertThat(row(desk).late()).isTrue();
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.LATE);
  }

  @Test
  void cameBack_offeredAndDeclinedPastItsTime_waitsLate() {
    Desk desk = again().offered(DeskTerms.ALICE);
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.LATE);

    desk.after(seconds(15));
    desk.on(new ConversationEvent.Decline(DeskTerms.ALICE, "offer-alice", null, null));

    assertThat(row(desk).late()).isTrue();
  }

  @Test
  void clockStandingStill_inAClosedWindow_isLateInTheQueue_untilTheCustomerWrites() {
    Desk desk = Desk.of(MAIL, granting("m1", T0));
    assertThat(desk.state.armed())
        .containsKey(Timer.Kind.BREACH)
        .doesNotContainKey(Timer.Kind.LATE);
    desk.at(seconds(4)).fires(Timer.Kind.WINDOW);
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.PAUSED);
    assertThat(desk.state.armed().get(Timer.Kind.LATE).due())
        .isEqualTo(desk.clock().dueAt().plusMillis(1));

    desk.at(DeskTerms.NORMAL.plusMillis(1)).fires(Timer.Kind.LATE);
    assertThat(row(desk).late()).isTrue();
    assertThat(desk.books.breached).isZero();
    desk.at(seconds(20)).receives(granting("m2", desk.now), null);

    assertThat(row(desk).late()).isFalse();
    assertThat(row(desk).due()).isEqualTo(desk.clock().dueAt()).isAfter(desk.now);
    assertThat(desk.state.armed())
        .containsKey(Timer.Kind.BREACH)
        .doesNotContainKey(Timer.Kind.LATE);
  }

  private static InboundEvent.Received granting(String key, Instant at) {
    return new InboundEvent.Received(
        key,
        ContactRef.of("u1"),
        null,
        at,
        0,
        new MessageContent.Text("hello"),
        null,
        false,
        new SendGrant(seconds(4), 5),
        Map.of());
  }

  @Test
  void nextResponse_isWhatItWaitsFor_andItsBreachMovesIt() {
    ClockPolicy policy =
        new ClockPolicy(
            WorkingTime.always(),
            Target.of(DeskTerms.NORMAL),
            Target.of(seconds(3)),
            null,
            List.of(ClockPolicy.Warning.after(0.75)),
            ClockPolicy.Fulfilment.HUMAN,
            ClockPolicy.Raise.FROM_CHANGE);
    Desk desk =
        Desk.of(
            DeskTerms.terms(Map.of("normal", policy, "urgent", policy)),
            MAIL,
            says("m1", "hello", T0));
    desk.offered(DeskTerms.ALICE).accepted(DeskTerms.ALICE).answered().resolved();

    desk.after(seconds(1)).customer("m2", "again");
    Instant due = desk.clock(ClockKind.NEXT_RESPONSE).dueAt();
    assertThat(row(desk).due()).isEqualTo(due);
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.LATE);
    desk.now = due.plusMillis(1);
    desk.fires(Timer.Kind.NEXT_BREACH);

    assertThat(row(desk).late()).isTrue();
  }

  @Test
  void freshConversation_hasItsClockAndNoFurtherTimer() {
    Desk desk = Desk.mail("hello");

    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.WARNING, Timer.Kind.BREACH);
  }
}
