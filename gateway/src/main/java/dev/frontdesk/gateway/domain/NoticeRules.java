// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Recent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.util.List;
import java.util.Map;

/**
 * Messages of the gateway to contacts of the configuration. Their conversation is like any other,
 * but nobody waits in it: it is resolved from the beginning, and comes into the queue only when the
 * contact writes.
 */
final class NoticeRules {
  private NoticeRules() {}

  /** The first message to a contact that has no conversation. */
  static Transition open(Draft d, ConversationEvent.Notify event) {
    d.stage = Stage.RESOLVED;
    d.resolvedAt = d.now;
    d.arm(Timer.Kind.REOPEN_WINDOW, d.now.plus(d.terms.reopenWindow()));
    return send(d, event);
  }

  /** One more, into what there is. */
  static Transition add(Draft d, ConversationEvent.Notify event) {
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
    if (!d.window.isOpen(d.now)) {
      return d.refused(Refusal.Code.SEND_WINDOW, "the platform allows no message now");
    }
    return send(d, event);
  }

  private static Transition send(Draft d, ConversationEvent.Notify event) {
    MessageContent text = new MessageContent.Text(event.text());
    int seq = d.append(Message.Direction.OUTBOUND, Author.SYSTEM, text, DeliveryStatus.PENDING);
    d.window = d.window.afterSending();
    d.show(text);
    DeliveryRules.send(d, seq);
    d.remember(event.operation(), seq, 1);
    d.audit(
        "notice",
        Author.SYSTEM,
        Map.of("seq", Integer.toString(seq), "about", event.about().value()));
    return d.done();
  }

  /** What a conversation has that no message of a customer opened. */
  static Triage usual(Terms terms) {
    return new Triage(
        terms.defaultQueue(), terms.defaultPromise(), 5, Map.of(), null, null, null, List.of());
  }
}
