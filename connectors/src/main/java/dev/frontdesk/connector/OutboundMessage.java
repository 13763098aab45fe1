// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to a platform.
 *
 * @param id our id of the message, stable over attempts: the idempotency key where the platform
 *     takes one. Consists of {@code A–Z a–z 0–9 . _ ~ -}, at most 64 characters
 * @param conversation id of the conversation
 * @param replyTo the platform's id of the customer's message that is answered, or null
 * @param context what inbound messages of this conversation left ({@link
 *     InboundEvent.Received#context()})
 * @param automatic written by a machine; mail says so in its headers
 */
public record OutboundMessage(
    String id,
    String conversation,
    ContactRef contact,
    @Nullable String thread,
    MessageContent content,
    @Nullable String replyTo,
    boolean automatic,
    Map<String, String> context) {
  public OutboundMessage {
    context = Map.copyOf(context);
  }
}
