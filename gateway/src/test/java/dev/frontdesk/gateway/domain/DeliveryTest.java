// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The outbox, and what platforms report afterwards. */
class DeliveryTest {
  private static final ContactRef WHO = ContactRef.of("u1");

  private static Desk sending() {
    Desk desk = Desk.assigned().answered();
    desk.sends("n1", false);
    return desk;
  }

  private static InboundEvent edit(String key, Instant at, String text) {
    return new InboundEvent.Edited(key, WHO, null, at, "m1", new MessageContent.Text(text));
  }

  private static InboundEvent receipt(String key, DeliveryStatus status) {
    return new InboundEvent.Receipt(key, WHO, null, T0, "x1", status, null);
  }

  @Test
  void sending_marksTheHeadOnce() {
    Desk desk = sending();
    Conversation begun = desk.state;

    assertThat(begun.outbox()).containsExactly(new Conversation.Pending(2, 1, "n1", T0));
    desk.sends("n1", false);
    assertThat(desk.state).isSameAs(begun);
  }

  @Test
  void accepted_remembersTheExternalIdForReceipts() {
    Desk desk = sending();

    desk.sent(new SendResult.Accepted("x1"), null);

    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.ACCEPTED);
    assertThat(desk.message(2).externalId()).isEqualTo("x1");
    assertThat(desk.books.keys).containsEntry("out:x1", 2);
    assertThat(desk.books.outboxReady).isFalse();
  }

  /** G-03: killed after the send, before it was recorded. */
  @Test
  void sending_foundHalfWay_isUnknownAndNeverRepeated() {
    Desk desk = sending();
    desk.answered();

    desk.sends("n2", false);

    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(desk.state.outbox()).containsExactly(new Conversation.Pending(3, 0, null, T0));
    assertThat(desk.books.outboxReady).isTrue();
  }

  @Test
  void sending_foundHalfWayOnADeduplicatingPlatform_isRepeated() {
    Desk desk = sending();

    desk.sends("n2", true);

    assertThat(desk.state.outbox()).containsExactly(new Conversation.Pending(2, 2, "n2", T0));
  }

  @Test
  void retry_waitsAndComesAgainAsTheNextAttempt() {
    Desk desk = sending();

    desk.sent(new SendResult.Retry("busy", null), seconds(2));
    assertThat(desk.effects(Effect.OutboxReady.class).get(0).at()).isEqualTo(T0.plus(seconds(2)));

    desk.after(seconds(2)).sends("n2", false);
    assertThat(desk.state.outbox())
        .containsExactly(new Conversation.Pending(2, 2, "n2", T0.plus(seconds(2))));
  }

  @Test
  void retry_afterTheLastAttempt_isADeadLetter() {
    Desk desk = sending();

    desk.sent(new SendResult.Retry("busy", null), null);

    assertThat(desk.books.deadLetters).containsExactly(Map.entry(2, "busy"));
    assertThat(desk.effects(Effect.Audit.class))
        .extracting(Effect.Audit::what, Effect.Audit::details)
        .contains(
            org.assertj.core.api.Assertions.tuple(
                "delivery-failed", Map.of("seq", "2", "reason", "busy")));
    assertThat(desk.effects(Effect.InboxRow.class))
        .contains(new Effect.InboxRow(ALICE, Effect.InboxRow.Change.UPDATED, 2, "delivery-failed"));
  }

  @Test
  void sent_ofAnOldAttempt_changesNothing() {
    Desk desk = sending();
    Conversation before = desk.state;

    desk.on(
        new ConversationEvent.Sent(
            desk.head(), 7, new SendResult.Rejected(SendResult.Cause.OTHER, "1", "no"), null));

    assertThat(desk.state).isSameAs(before);
  }

  @Test
  void sent_acceptedAfterItWasGivenUp_isAcceptedAfterAll() {
    Desk desk = sending();
    desk.sends("n2", false);

    desk.on(new ConversationEvent.Sent(desk.message(2), 1, new SendResult.Accepted("x1"), null));

    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.ACCEPTED);
  }

  /** P-09: an older copy of the store does not know what was sent since. */
  @Test
  void withheld_isUnknownAndADeadLetter_andTheNextIsReady() {
    Desk desk = sending();
    desk.answered();

    desk.on(new ConversationEvent.Withheld(desk.message(2), "older copy"));

    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(desk.books.deadLetters).containsExactly(Map.entry(2, "older copy"));
    assertThat(desk.state.outbox()).containsExactly(new Conversation.Pending(3, 0, null, T0));
    assertThat(desk.effects(Effect.InboxRow.class))
        .contains(
            new Effect.InboxRow(ALICE, Effect.InboxRow.Change.UPDATED, 2, "delivery-unknown"));
    Conversation before = desk.state;
    desk.on(new ConversationEvent.Withheld(desk.message(2), "older copy"));
    assertThat(desk.state).as("twice").isSameAs(before);
  }

  @Test
  void unknown_letsTheLaneGoOn() {
    Desk desk = sending();

    desk.sent(new SendResult.Unknown("cut"), null);

    assertThat(desk.message(2).delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(desk.state.outbox()).isEmpty();
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
  }

  @Test
  void resend_takesTheDeadLetterBack() {
    Desk desk = sending();
    desk.sent(new SendResult.Retry("busy", null), null);

    desk.on(new ConversationEvent.Resend(Author.SYSTEM, desk.message(2)));

    assertThat(desk.books.deadLetters).isEmpty();
    assertThat(desk.state.outbox()).containsExactly(new Conversation.Pending(2, 0, null, T0));
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.MET);
    assertThat(desk.books.met).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "ACCEPTED, DELIVERED, DELIVERED",
    "DELIVERED, READ, READ",
    "READ, DELIVERED, READ",
    "READ, FAILED, READ",
    "DELIVERED, FAILED, DELIVERED",
    "FAILED, DELIVERED, DELIVERED",
    "ACCEPTED, FAILED, FAILED"
  })
  void receipt_onlyMovesForward(
      DeliveryStatus present, DeliveryStatus reported, DeliveryStatus expected) {
    Desk desk = sending();
    desk.sent(new SendResult.Accepted("x1"), null);
    Message message = desk.message(2).delivered(present, null, null);
    desk.books.messages.set(1, message);

    desk.receives(receipt("r1", reported), message);

    assertThat(desk.message(2).delivery()).isEqualTo(expected);
  }

  @Test
  void receipt_ofFailure_opensThePromiseAgain() {
    Desk desk = sending();
    desk.sent(new SendResult.Accepted("x1"), null);

    desk.receives(receipt("r1", DeliveryStatus.FAILED), desk.message(2));

    assertThat(desk.clock().spell()).isEqualTo(2);
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    assertThat(desk.state.unanswered()).isTrue();
  }

  @Test
  void receipt_beforeItsMessage_waits() {
    Desk desk = Desk.assigned();

    desk.receives(receipt("r1", DeliveryStatus.DELIVERED), null);

    assertThat(desk.effects(Effect.Parked.class).get(0).target()).isEqualTo("out:x1");
    assertThat(desk.books.keys).doesNotContainKey("r1");
  }

  /** Out-of-order edits and deletes: every order of arrival ends the same. */
  @Test
  void changes_inAnyOrder_endWithdrawn() {
    List<InboundEvent> events =
        List.of(
            edit("e1", T0.plusMillis(1), "first edit"),
            edit("e2", T0.plusMillis(2), "second edit"),
            new InboundEvent.Deleted("d", WHO, null, T0.plusMillis(3), "m1"));
    for (int[] order :
        new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
      Desk desk = Desk.assigned();
      for (int index : order) {
        desk.receives(events.get(index), desk.message(1));
      }
      assertThat(desk.message(1).deleted()).isTrue();
      assertThat(desk.message(1).content().text()).isEmpty();
      assertThat(desk.state.preview()).doesNotContain("edit", "hello");
    }
  }

  @Test
  void edits_areOrderedByThePlatformsTime() {
    Desk desk = Desk.assigned();
    Instant shown = desk.state.lastMessageAt();
    ResponseClock clock = Objects.requireNonNull(desk.state.clock());

    desk.after(seconds(1));
    desk.receives(edit("e2", T0.plusMillis(2), "newer"), desk.message(1));
    desk.receives(edit("e1", T0.plusMillis(1), "older"), desk.message(1));

    assertThat(desk.message(1).content().text()).isEqualTo("newer");
    assertThat(desk.state.lastMessageAt()).isEqualTo(shown);
    assertThat(desk.clock()).isEqualTo(clock);
    assertThat(desk.books.keys).containsKeys("e1", "e2");
  }

  @Test
  void signal_isAppendedWithoutAClock() {
    Desk desk = Desk.of(DeskTerms.MAIL, DeskTerms.automatic("m1", T0));

    desk.receives(
        new InboundEvent.Signalled(
            "s1", WHO, null, T0, new MessageContent.Event("scan", Map.of()), null),
        null);

    assertThat(desk.state.lastSeq()).isEqualTo(2);
    assertThat(desk.state.clock()).isNull();
    assertThat(desk.state.unanswered()).isFalse();
  }

  @Test
  void outbox_keepsTheOrderOfReplies() {
    Desk desk = Desk.assigned().answered().answered().answered();
    List<Integer> sent = new ArrayList<>();
    while (!desk.state.outbox().isEmpty()) {
      sent.add(desk.head().seq());
      desk.sends("n1", false);
      desk.sent(new SendResult.Accepted("x" + sent.size()), null);
    }
    assertThat(sent).containsExactly(2, 3, 4);
  }
}
