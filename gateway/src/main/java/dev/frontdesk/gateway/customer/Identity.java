// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;

/** A person on a channel, whatever the thread: what customers consist of. */
public record Identity(String channel, String externalId) {

  /** What stands for it in keys; the id of the customer while it is linked to none. */
  public String digest() {
    return new ContactKey(channel, externalId, null).digest();
  }

  /** What every conversation's id of this identity begins with. */
  static String prefix(String digest) {
    return new Conversation.Id(digest).lane();
  }
}
