// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.domain.Conversation.Pending;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of our messages out: in order, one in flight. What may have reached the platform is never
 * sent again blindly: it becomes {@code unknown} and the next one goes.
 */
final class DeliveryRules {
  private DeliveryRules() {}

  /** A node wants to send the first of the outbox. */
  static Transition sending(Draft d, ConversationEvent.Sending event) {
    Pending head = head(d, event.message().seq());
    if (head == null || event.node().equals(head.sendingNode())) {
      return d.unchanged();
    }
    if (head.sendingNode() != null && !event.repeatable()) {
      d.emit(
          new Effect.MessageChanged(
              event.message().delivered(DeliveryStatus.UNKNOWN, null, "the sender vanished")));
      advance(d);
      return d.done();
    }
    d.outbox.set(0, new Pending(head.seq(), head.attempt() + 1, event.node(), head.readyAt()));
    return d.done();
  }

  /** The outcome of an attempt, late ones included. */
  static Transition sent(Draft d, ConversationEvent.Sent event) {
    Message message = event.message();
    Pending head = head(d, message.seq());
    if (head == null) {
      return late(d, event);
    }
    if (head.sendingNode() == null || head.attempt() != event.attempt()) {
      return d.unchanged();
    }
    event
        .result()
        .<Runnable>fold(
            accepted -> () -> accepted(d, message, accepted),
            retry -> () -> repeat(d, message, event, retry.reason()),
            rejected -> () -> rejected(d, message, rejected),
            unknown -> () -> unknown(d, message, event, unknown))
        .run();
    return d.done();
  }

  /** It was given up as unknown, and now the platform's answer is known after all. */
  private static Transition late(Draft d, ConversationEvent.Sent event) {
    if (event.message().delivery() == DeliveryStatus.UNKNOWN
        && event.result() instanceof SendResult.Accepted accepted) {
      taken(d, event.message(), accepted);
      return d.done();
    }
    return d.unchanged();
  }

  private static void accepted(Draft d, Message message, SendResult.Accepted result) {
    taken(d, message, result);
    advance(d);
  }

  private static void taken(Draft d, Message message, SendResult.Accepted result) {
    String external = result.externalId();
    d.emit(new Effect.MessageChanged(message.delivered(DeliveryStatus.ACCEPTED, external, null)));
    if (external != null) {
      d.emit(new Effect.KeyRemembered(Effect.KeyRemembered.OUTBOUND + external, message.seq()));
    }
  }

  private static void repeat(
      Draft d, Message message, ConversationEvent.Sent event, String reason) {
    Duration pause = event.retryIn();
    if (pause == null) {
      failed(d, message, reason);
      advance(d);
      return;
    }
    ready(d, event.attempt(), d.now.plus(pause));
  }

  private static void rejected(Draft d, Message message, SendResult.Rejected result) {
    if (result.cause() == SendResult.Cause.WINDOW && !d.window.equals(SendWindow.UNLIMITED)) {
      d.window = new SendWindow(d.window.until(), 0);
    }
    failed(d, message, result.code() + " " + result.reason());
    advance(d);
  }

  private static void unknown(
      Draft d, Message message, ConversationEvent.Sent event, SendResult.Unknown result) {
    if (event.retryIn() != null) {
      repeat(d, message, event, result.reason());
      return;
    }
    d.emit(
        new Effect.MessageChanged(
            message.delivered(DeliveryStatus.UNKNOWN, null, result.reason())));
    d.audit(
        "send-unknown",
        Author.SYSTEM,
        Map.of("seq", Integer.toString(message.seq()), "reason", result.reason()));
    d.tell(Change.UPDATED, message.seq(), "delivery-unknown");
    advance(d);
  }

  /** Whether it was sent nobody knows: an operator says whether it is sent again. */
  static Transition withheld(Draft d, ConversationEvent.Withheld event) {
    Message message = event.message();
    if (head(d, message.seq()) == null) {
      return d.unchanged();
    }
    String reason = event.reason();
    d.emit(new Effect.MessageChanged(message.delivered(DeliveryStatus.UNKNOWN, null, reason)));
    d.emit(new Effect.DeadLetter(message.seq(), reason));
    d.audit(
        "send-withheld",
        Author.SYSTEM,
        Map.of("seq", Integer.toString(message.seq()), "reason", reason));
    d.tell(Change.UPDATED, message.seq(), "delivery-unknown");
    advance(d);
    return d.done();
  }

  private static @Nullable Pending head(Draft d, int seq) {
    return d.outbox.isEmpty() || d.outbox.get(0).seq() != seq ? null : d.outbox.get(0);
  }

  private static void advance(Draft d) {
    d.outbox.remove(0);
    if (d.outbox.isEmpty()) {
      d.emit(new Effect.OutboxEmpty());
    } else {
      ready(d, d.outbox.get(0).attempt(), d.now);
    }
  }

  /** The first of the outbox may be sent; times are stored in milliseconds. */
  private static void ready(Draft d, int attempt, Instant from) {
    Instant at = from.truncatedTo(ChronoUnit.MILLIS);
    d.outbox.set(0, new Pending(d.outbox.get(0).seq(), attempt, null, at));
    d.emit(new Effect.OutboxReady(at));
  }

  /** It will not arrive. If it was what kept the promise, somebody waits again. */
  static void failed(Draft d, Message message, String reason) {
    d.emit(new Effect.MessageChanged(message.delivered(DeliveryStatus.FAILED, null, reason)));
    d.emit(new Effect.DeadLetter(message.seq(), reason));
    String seq = Integer.toString(message.seq());
    d.audit("delivery-failed", Author.SYSTEM, Map.of("seq", seq, "reason", reason));
    d.announce("message.failed", Map.of("seq", seq));
    d.tell(Change.UPDATED, message.seq(), "delivery-failed");
    if (d.stage != Stage.CLOSED) {
      lost(d, ClockKind.FIRST_RESPONSE, message.seq());
      lost(d, ClockKind.NEXT_RESPONSE, message.seq());
      lost(d, ClockKind.FOLLOW_UP, message.seq());
    }
  }

  private static void lost(Draft d, ClockKind kind, int seq) {
    ResponseClock clock = d.clock(kind);
    if (clock != null && clock.state() == ResponseClock.State.MET && clock.answerSeq() == seq) {
      d.humanAnswered &= kind != ClockKind.FIRST_RESPONSE;
      d.unanswered = true;
      waitAgain(d, clock);
      Clocks.again(d, kind, clock, Clocks.DELIVERY_FAILED);
    }
  }

  private static void waitAgain(Draft d, ResponseClock clock) {
    d.waitingSince = clock.startedAt();
    IntakeRules.resume(d);
    if (d.stage == Stage.RESOLVED) {
      d.disarm(Timer.Kind.REOPEN_WINDOW);
      d.resolvedAt = null;
      d.queue();
    } else {
      AssignmentRules.requeueIfAway(d);
    }
  }

  /** An operator tries a failed message again; it counts as an answer from now. */
  static Transition resend(Draft d, ConversationEvent.Resend event) {
    Message message = event.message();
    if (d.stage == Stage.CLOSED) {
      return d.refused(Refusal.Code.CLOSED, "the conversation is closed");
    }
    if (message.delivery() != DeliveryStatus.FAILED
        && message.delivery() != DeliveryStatus.UNKNOWN) {
      return d.refused(
          Refusal.Code.WRONG_STATE,
          "message " + message.seq() + " did neither fail nor is its delivery unknown");
    }
    if (d.outbox.stream().anyMatch(p -> p.seq() == message.seq())) {
      return d.unchanged();
    }
    d.emit(new Effect.MessageChanged(message.delivered(DeliveryStatus.PENDING, null, null)));
    d.emit(new Effect.DeadLetterTaken(message.seq()));
    d.audit("resent", event.by(), Map.of("seq", Integer.toString(message.seq())));
    send(d, message.seq());
    if (message.author().kind() == Author.Kind.AGENT) {
      answered(d, message.author(), message.seq());
    }
    return d.done();
  }

  /** Puts a message at the end of the outbox. */
  static void send(Draft d, int seq) {
    d.outbox.add(new Pending(seq, 0, null, null));
    if (d.outbox.size() == 1) {
      ready(d, 0, d.now);
    }
  }

  /** A person has answered with message {@code seq}. */
  static void answered(Draft d, Author author, int seq) {
    Clocks.answer(d, author, seq);
    d.humanAnswered = true;
    d.unanswered = false;
    Activity.answered(d);
    if (d.stage != Stage.WAITING && d.stage != Stage.OFFERED) {
      d.waitingSince = null;
    }
  }
}
