// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;

/** A customer's message does not fit into a conversation; never leaves this package. */
final class ConversationFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Conversation.Id conversation;

  ConversationFullException(Conversation.Id conversation) {
    super("the conversation is full", null, false, false);
    this.conversation = conversation;
  }

  /** The one that is full. */
  Conversation.Id conversation() {
    return conversation;
  }
}
