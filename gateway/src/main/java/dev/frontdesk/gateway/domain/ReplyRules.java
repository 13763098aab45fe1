// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Recent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.util.List;

/** Answers and notes. Only the owner answers, and only with the epoch that is in force. */
final class ReplyRules {

  /** Messages of a platform's window that no machine of ours takes. */
  static final int KEPT_FOR_PEOPLE = 1;

  private ReplyRules() {}

  static Transition reply(Draft d, ConversationEvent.Reply event) {
    Recent recent = d.recent(event.operation());
    if (recent != null) {
      return d.repeated(recent);
    }
    List<MessageContent> contents = event.contents();
    if (d.stage == Stage.CLOSED) {
      return d.refused(Refusal.Code.CLOSED, "the conversation is closed");
    }
    if (d.lastSeq + contents.size() > d.terms.mostMessages()) {
      return d.refused(Refusal.Code.FULL, "the conversation has " + d.lastSeq + " messages");
    }
    if (event.epoch() != d.epoch || !maySend(d, event.author())) {
      return keep(d, event);
    }
    int kept = event.author().kind() == Author.Kind.AGENT ? 0 : KEPT_FOR_PEOPLE;
    if (!contents.isEmpty() && !d.window.leaves(kept + contents.size() - 1, d.now)) {
      return d.refused(
          Refusal.Code.SEND_WINDOW,
          contents.size()
              + " to send, the platform allows "
              + left(d.window, d)
              + (kept == 0 ? "" : "; the last one is kept for a person"));
    }
    int first = d.lastSeq + 1;
    contents.forEach(content -> send(d, event.author(), content));
    answered(d, event.author(), first, !contents.isEmpty());
    d.remember(event.operation(), contents.isEmpty() ? 0 : first, contents.size());
    return d.done();
  }

  private static boolean maySend(Draft d, Author author) {
    return d.isOwnedBy(author) || author.kind() == Author.Kind.SYSTEM;
  }

  private static String left(SendWindow window, Draft d) {
    if (!window.isOpen(d.now)) {
      return "none until the customer writes again";
    }
    return window.remaining() + " until " + window.until();
  }

  private static void send(Draft d, Author author, MessageContent content) {
    int seq = d.append(Message.Direction.OUTBOUND, author, content, DeliveryStatus.PENDING);
    d.window = d.window.afterSending();
    d.show(content);
    DeliveryRules.send(d, seq);
  }

  private static void answered(Draft d, Author author, int seq, boolean says) {
    if (author.kind() == Author.Kind.AGENT && says) {
      DeliveryRules.answered(d, author, seq);
      d.lastAgent = new Agent.Id(author.id());
      d.ownerAway = false;
      if (d.terms.offers().returnAfter() != null) {
        d.hands = d.hands.afterAnswer();
      }
    } else if (author.kind() == Author.Kind.BOT) {
      if (says) {
        Clocks.answer(d, author, seq);
      }
      d.disarm(Timer.Kind.BOT_SILENT);
      d.waitingSince = null;
      d.emit(new Effect.BotAnswered(author.id()));
    }
  }

  /** Nothing goes out; the text stays as notes for whoever has it now. */
  private static Transition keep(Draft d, ConversationEvent.Reply event) {
    int first = d.lastSeq + 1;
    for (MessageContent content : event.contents()) {
      int seq = d.append(Message.Direction.NOTE, event.author(), content, null);
      d.tell(Change.MESSAGE, seq, null);
    }
    d.remember(event.operation(), -first, event.contents().size());
    return d.done(
        new Refusal(
            Refusal.Code.NOT_OWNER,
            "epoch "
                + event.epoch()
                + " of "
                + event.author().id()
                + ", in force is epoch "
                + d.epoch
                + " of "
                + (d.owner == null ? "nobody" : d.owner.id())));
  }

  static Transition note(Draft d, ConversationEvent.Note event) {
    Recent recent = d.recent(event.operation());
    if (recent != null) {
      return d.repeated(recent);
    }
    if (d.stage == Stage.CLOSED) {
      return d.refused(Refusal.Code.CLOSED, "the conversation is closed");
    }
    if (d.lastSeq >= d.terms.mostMessages()) {
      return d.refused(Refusal.Code.FULL, "the conversation has " + d.lastSeq + " messages");
    }
    int seq = d.append(Message.Direction.NOTE, event.author(), event.content(), null);
    if (!d.isOwnedBy(event.author())) {
      d.tell(Change.MESSAGE, seq, null);
    }
    d.remember(event.operation(), seq, 1);
    return d.done();
  }
}
