// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import org.jspecify.annotations.Nullable;

/**
 * What became of one inbound event; durable when told.
 *
 * @param conversation where it went, or null (ignored, parked)
 * @param seq its message, or 0
 */
public record Received(Kind kind, Conversation.@Nullable Id conversation, int seq) {
  public enum Kind {
    STORED,
    DUPLICATE,
    /** Understood, of no consequence: a signal without a conversation. */
    IGNORED,
    /** Waits for its target. */
    PARKED
  }
}
