// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a platform lets us send, by its time: the part of scenario 22 that takes 48 hours. */
class SendWindowTest {

  private static final Duration WINDOW = Duration.ofDays(2);

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
        new SendGrant(WINDOW, 5),
        Map.of());
  }

  private static Desk assigned() {
    return Desk.of(MAIL, granting("m1", T0)).offered(ALICE).accepted(ALICE);
  }

  @Test
  void scenario22_windowClosesInTheDraft_nothingIsStoredOrSent_untilTheCustomerWrites() {
    Desk desk = assigned().at(WINDOW.minusMinutes(1)).answered();
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state.window()).isEqualTo(new SendWindow(T0.plus(WINDOW), 4));
    int stored = desk.books.messages.size();

    desk.at(WINDOW).answered();

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.SEND_WINDOW);
    assertThat(desk.last.refusal().message()).contains("none until the customer writes again");
    assertThat(desk.books.messages).hasSize(stored);
    assertThat(desk.state.outbox()).hasSize(1);
    desk.receives(granting("m2", desk.now), null);
    desk.answered();
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state.window()).isEqualTo(new SendWindow(desk.now.plus(WINDOW), 4));
  }

  @Test
  void scenario22_lastMillisecondOfTheWindow_isOpen() {
    Desk desk = assigned().at(WINDOW.minusMillis(1));

    desk.answered();

    assertThat(desk.refusal()).isNull();
  }

  private static InboundEvent.Signalled click(Instant at) {
    return new InboundEvent.Signalled(
        "click-" + at,
        ContactRef.of("u1"),
        null,
        at,
        new MessageContent.Event("CLICK", Map.of()),
        new SendGrant(Duration.ofMinutes(1), 3));
  }

  /** A message gives two days and five messages, a click in the menu a minute and three. */
  @Test
  void scenario22_lesserGrant_takesNothingOfAGreaterOne() {
    Desk desk = assigned().at(Duration.ofHours(1));

    desk.receives(click(desk.now), null);

    assertThat(desk.state.window()).isEqualTo(new SendWindow(T0.plus(WINDOW), 5));
    desk.after(Duration.ofMinutes(5)).answered();
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void scenario22_lesserGrant_opensWhatIsUsedUpOrOver() {
    Desk used = assigned().at(Duration.ofHours(1));
    for (int n = 0; n < 5; n++) {
      used.answered();
    }
    used.receives(click(used.now), null);
    Desk over = assigned().at(WINDOW);
    over.receives(click(over.now), null);

    for (Desk desk : List.of(used, over)) {
      assertThat(desk.state.window()).isEqualTo(new SendWindow(desk.now.plusSeconds(60), 3));
    }
  }

  private static final Duration HOUR = Duration.ofHours(1);

  /** A first response within so many hours, and a channel of two days. */
  private static Desk promised(int hours) {
    Map<String, ClockPolicy> normal =
        Map.of("normal", ClockPolicy.plain(HOUR.multipliedBy(hours), 0.75));
    return Desk.of(DeskTerms.terms(normal), MAIL, granting("m1", T0))
        .offered(ALICE)
        .accepted(ALICE);
  }

  private static Effect.Audit line(Desk desk, String what) {
    return desk.effects(Effect.Audit.class).stream()
        .filter(audit -> audit.what().equals(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + what + " in " + desk.last.effects()));
  }

  private static List<String> announced(Desk desk) {
    return desk.effects(Effect.Announced.class).stream().map(Effect.Announced::name).toList();
  }

  @Test
  void scenario22_windowEndsFirst_isUnreachable_andTheWaitCountsNoLonger_howeverLateTheTimer() {
    Desk desk = promised(72).at(WINDOW.plusHours(1));

    desk.fires(Timer.Kind.WINDOW);

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.PAUSED);
    assertThat(desk.clock().course().remainingMs()).isEqualTo(Duration.ofDays(1).toMillis());
    assertThat(desk.state.armed()).doesNotContainKeys(Timer.Kind.BREACH, Timer.Kind.WARNING);
    assertThat(line(desk, "unreachable-by-channel").details())
        .containsEntry("cause", "window")
        .containsEntry("at", T0.plus(WINDOW).toString());
    assertThat(announced(desk)).containsExactly("conversation.unreachable");
    assertThat(desk.effects(Effect.InboxRow.class))
        .contains(
            new Effect.InboxRow(
                ALICE, Effect.InboxRow.Change.UPDATED, 0, "unreachable-by-channel"));
    desk.at(Duration.ofHours(100)).receives(granting("m2", desk.now), null);
    assertThat(line(desk, "reachable").details()).isEmpty();
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    assertThat(desk.clock().dueAt()).isEqualTo(desk.now.plus(Duration.ofDays(1)));
    desk.after(Duration.ofDays(1)).answered();
    assertThat(desk.effects(Effect.VerdictGiven.class))
        .containsExactly(
            new Effect.VerdictGiven(
                ResponseClock.State.MET,
                "normal",
                "support",
                "mail",
                "alice",
                Duration.ofDays(3).toMillis()));
  }

  @Test
  void scenario22_noTimerFired_theCustomersMessageFindsTheSame() {
    Desk desk = promised(72).at(Duration.ofHours(100));

    desk.receives(granting("m2", desk.now), null);

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    assertThat(desk.clock().dueAt()).isEqualTo(desk.now.plus(Duration.ofDays(1)));
  }

  @Test
  void scenario22_deadlineBeforeTheEnd_isBreached_alsoIfNobodyLookedUntilThen() {
    Desk desk = promised(47).at(Duration.ofHours(60));

    desk.fires(Timer.Kind.WINDOW);

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.BREACHED);
    assertThat(announced(desk)).containsExactly("promise.breached", "conversation.unreachable");
  }

  @Test
  void scenario22_resolvedWhileUnreachable_isVoid_andNoTimerIsLeft() {
    Desk desk = promised(72).at(WINDOW);
    desk.fires(Timer.Kind.WINDOW);

    desk.after(HOUR).resolved();

    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.VOID);
    assertThat(desk.state.armed()).containsOnlyKeys(Timer.Kind.REOPEN_WINDOW);
  }

  @Test
  void scenario22_lastOfTheQuota_isToldOnce_withoutStoppingWhatIsAnswered() {
    Desk desk = promised(72);
    for (int n = 0; n < 5; n++) {
      assertThat(announced(desk)).doesNotContain("conversation.unreachable");
      desk.after(HOUR).answered();
    }

    assertThat(line(desk, "unreachable-by-channel").details()).containsEntry("cause", "quota");
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
    desk.at(WINDOW).fires(Timer.Kind.WINDOW);
    assertThat(desk.effects(Effect.Audit.class)).isEmpty();
  }

  @Test
  void scenario22_timerOfTheWindow_isNotMovedByEachMessage_butFollowsTheWindow() {
    Desk desk = promised(72);
    Conversation.Armed armed = desk.state.armed().get(Timer.Kind.WINDOW);

    desk.at(HOUR).receives(granting("m2", desk.now), null);
    assertThat(desk.state.armed().get(Timer.Kind.WINDOW)).isEqualTo(armed);
    desk.at(WINDOW).fires(Timer.Kind.WINDOW);

    assertThat(desk.state.armed().get(Timer.Kind.WINDOW).due())
        .isEqualTo(T0.plus(WINDOW).plus(HOUR));
    assertThat(announced(desk)).isEmpty();
    assertThat(Desk.mail("no window here").state.armed()).doesNotContainKey(Timer.Kind.WINDOW);
  }
}
