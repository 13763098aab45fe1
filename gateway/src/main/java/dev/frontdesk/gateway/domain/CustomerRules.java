// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is told of the person behind the contact, and what remains when that person is erased. */
final class CustomerRules {
  private CustomerRules() {}

  /**
   * Other things are told of the customer. Whatever the person wrote is looked at with them once
   * more: a triage may only rise by it and a deadline only get earlier, also where somebody
   * answered already. A conversation that people have in hand keeps its queue.
   */
  static Transition changed(Draft d, ConversationEvent.CustomerChanged event) {
    if (d.stage == Stage.CLOSED || Objects.equals(d.customer, event.customer())) {
      return d.unchanged();
    }
    String was = Customer.tier(d.customer, d.tier);
    d.customer = event.customer();
    if (d.stage.isOpen()) {
      raise(d, event.contents());
    }
    d.audit("customer", Author.SYSTEM, told(was, d));
    d.tell(Change.UPDATED, 0, "customer");
    return d.done();
  }

  private static void raise(Draft d, List<MessageContent> contents) {
    String queue = d.triage.queue();
    String language = IntakeRules.told(d.context);
    if (contents.isEmpty()) {
      IntakeRules.raise(d, new MessageContent.Text(""), language);
    }
    contents.forEach(content -> IntakeRules.raise(d, content, language));
    if (d.stage == Stage.ASSIGNED || d.stage == Stage.PAUSED) {
      d.triage = d.triage.inQueue(queue);
    }
  }

  /** No name and no attribute: a history is read by many. */
  private static Map<String, String> told(@org.jspecify.annotations.Nullable String was, Draft d) {
    Map<String, String> told = new HashMap<>();
    Customer customer = d.customer;
    told.put("customer", customer == null || customer.id() == null ? "" : customer.id());
    told.put("from", was == null ? "" : was);
    told.put("tier", Objects.requireNonNullElse(Customer.tier(customer, d.tier), ""));
    return told;
  }

  /** Whatever its state; nothing more is sent, nobody has it, no clock runs. */
  static Transition close(Draft d) {
    if (d.stage == Stage.CLOSED) {
      return d.unchanged();
    }
    Clocks.end(d);
    d.tell(Change.REMOVED, 0, "closed");
    d.setDown();
    d.disarm(Timer.Kind.REOPEN_WINDOW);
    d.stage = Stage.CLOSED;
    d.resolvedAt = d.now;
    d.unanswered = false;
    d.waitingSince = null;
    d.declined = Map.of();
    if (!d.outbox.isEmpty()) {
      d.outbox.clear();
      d.emit(new Effect.OutboxEmpty());
    }
    d.arm(Timer.Kind.RETENTION, d.now.plus(d.terms.retention()));
    d.audit("closed", Author.SYSTEM, Map.of("reason", "erased"));
    d.announce("conversation.closed", Map.of("reason", "erased"));
    return d.done();
  }

  /** Its rows go, also the timer that would have removed them later. */
  static Transition erase(Draft d) {
    if (d.stage != Stage.CLOSED) {
      return d.refused(
          Refusal.Code.WRONG_STATE, "the conversation is " + d.stage.label() + ", not closed");
    }
    d.disarm(Timer.Kind.RETENTION);
    return HandlingRules.erase(d);
  }
}
