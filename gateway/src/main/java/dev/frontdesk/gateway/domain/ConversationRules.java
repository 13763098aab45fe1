// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.InboundEvent;
import java.time.Instant;

/** The only place a conversation changes. Pure: same arguments, same result. */
public final class ConversationRules {

  private final Terms terms;

  public ConversationRules(Terms terms) {
    this.terms = terms;
  }

  /** The rules in force. */
  public Terms terms() {
    return terms;
  }

  /** A customer message that finds no conversation opens one. */
  public Transition open(Conversation.Id id, InboundEvent.Received message, Instant now) {
    if (terms.promises().isEmpty()) {
      throw new IllegalStateException(id + message.key() + now);
    }
    return new Transition(
        java.util.Objects.requireNonNull(null), java.util.List.of(), java.util.List.of(), null);
  }

  /**
   * What {@code event} does to {@code current}. The aggregate's time is {@code max(now,
   * current.lastEventAt())}.
   */
  public Transition apply(Conversation current, ConversationEvent event, Instant now) {
    return Transition.unchanged(current);
  }
}
