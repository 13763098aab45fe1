// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Conversation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits and withdrawals whose message did not come.
 *
 * @param conversation where they are told, or null: their contact has none
 */
public record Surfaced(List<InboundEvent> events, Conversation.@Nullable Id conversation) {

  /** Their message came, or they were surfaced before. */
  public static final Surfaced NOTHING = new Surfaced(List.of(), null);
}
