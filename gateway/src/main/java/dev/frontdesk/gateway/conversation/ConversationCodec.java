// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;

/**
 * How what is stored is written: the one seam where state and content become text (and where they
 * will be encrypted). What one version writes, the versions before and after it can read: unknown
 * fields are ignored, absent ones have a default.
 */
public interface ConversationCodec {

  String encode(Conversation conversation);

  Conversation conversation(String text);

  String encode(Message message);

  Message message(String text);

  String encode(Effect.Audit audit);

  Effect.Audit audit(String text);

  String encode(Customer customer);

  Customer customer(String text);

  String encode(InboundEvent event);

  InboundEvent event(String text);
}
