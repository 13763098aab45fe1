// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Edits, withdrawals, receipts and signals: they change what is there, and neither start nor stop a
 * clock nor move the conversation in a list. They apply in any order: the newest edit by the
 * platform's time stands, a withdrawal is for ever, a receipt only moves forward.
 */
final class ChangeRules {
  private ChangeRules() {}

  static Transition edited(Draft d, InboundEvent.Edited event, @Nullable Message target) {
    if (target == null) {
      d.emit(new Effect.Parked(event.target(), event));
      return d.done();
    }
    d.emit(new Effect.KeyRemembered(event.key(), target.seq()));
    Instant at = event.sentAt().truncatedTo(ChronoUnit.MILLIS);
    boolean older = target.editedAt() != null && at.isBefore(target.editedAt());
    if (isTheirs(target) && !target.deleted() && !older) {
      change(d, target, target.edited(event.content(), at));
    }
    return d.done();
  }

  static Transition deleted(Draft d, InboundEvent.Deleted event, @Nullable Message target) {
    if (target == null) {
      d.emit(new Effect.Parked(event.target(), event));
      return d.done();
    }
    d.emit(new Effect.KeyRemembered(event.key(), target.seq()));
    if (isTheirs(target) && !target.deleted()) {
      change(d, target, target.withdrawn());
    }
    return d.done();
  }

  private static boolean isTheirs(Message target) {
    return target.direction() == Message.Direction.INBOUND;
  }

  private static void change(Draft d, Message from, Message to) {
    d.emit(new Effect.MessageChanged(to));
    if (d.preview.equals(Draft.previewOf(from.content()))) {
      d.preview = Draft.previewOf(to.content());
    }
    d.tell(Change.UPDATED, to.seq(), null);
  }

  static Transition receipt(Draft d, InboundEvent.Receipt event, @Nullable Message target) {
    if (target == null) {
      d.emit(new Effect.Parked(Effect.KeyRemembered.OUTBOUND + event.target(), event));
      return d.done();
    }
    d.emit(new Effect.KeyRemembered(event.key(), target.seq()));
    DeliveryStatus status = target.delivery();
    if (status == null || event.status().compareTo(status) <= 0) {
      return d.done();
    }
    if (event.status() == DeliveryStatus.FAILED) {
      String reason = event.reason();
      DeliveryRules.failed(d, target, reason == null ? "failed after acceptance" : reason);
    } else {
      d.emit(new Effect.MessageChanged(target.delivered(event.status(), null, null)));
    }
    return d.done();
  }

  /**
   * It waited for its message, which did not come: people are told instead of nobody. What an edit
   * says may be all that there ever was, so it stays as a note; it starts no clock.
   */
  static Transition orphaned(Draft d, InboundEvent event) {
    if (d.stage == Stage.CLOSED) {
      return d.refused(Refusal.Code.CLOSED, "the conversation is closed");
    }
    InboundEvent.Edited edit = event instanceof InboundEvent.Edited e ? e : null;
    String target = edit == null ? ((InboundEvent.Deleted) event).target() : edit.target();
    int seq = 0;
    if (edit != null && d.lastSeq < d.terms.mostMessages()) {
      seq = d.append(Message.Direction.NOTE, IntakeRules.customer(d), edit.content(), null);
      d.tell(Change.MESSAGE, seq, "orphan");
    }
    d.audit(
        "orphan",
        Author.SYSTEM,
        Map.of("type", edit == null ? "delete" : "edit", "event", event.key(), "target", target));
    d.emit(new Effect.KeyRemembered(event.key(), Math.max(1, seq == 0 ? d.lastSeq : seq)));
    return d.done();
  }

  /** Something the customer did that asks for no answer. */
  static Transition signalled(Draft d, InboundEvent.Signalled event) {
    if (d.stage == Stage.CLOSED || d.lastSeq >= d.terms.maxMessages()) {
      return d.unchanged();
    }
    IntakeRules.grant(d, event.grant());
    int seq =
        d.append(
            new Message(
                d.lastSeq + 1,
                Message.Direction.INBOUND,
                IntakeRules.customer(d),
                event.event(),
                event.key(),
                null,
                event.sentAt().truncatedTo(ChronoUnit.MILLIS),
                d.now,
                0,
                null,
                null,
                null,
                false));
    d.emit(new Effect.KeyRemembered(event.key(), seq));
    String bot = d.bot();
    if (bot != null) {
      d.emit(new Effect.BotFrame(bot, seq));
    }
    IntakeRules.tellPeople(d, seq);
    return d.done();
  }
}
