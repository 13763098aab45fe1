// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Scored;
import java.time.Duration;
import java.time.Instant;

/**
 * A conversation with something to send, which this node alone may send for a while.
 *
 * @param due when it became due, in ms, by its id
 * @param ends when another node may take it, by the store's clock; at the earliest
 */
record Claim(Scored due, Instant ends) {

  Conversation.Id conversation() {
    return new Conversation.Id(due.member());
  }

  /** Whether something that may take as long as this would end while it holds. */
  boolean covers(Instant now, Duration longest) {
    return !now.plus(longest).isAfter(ends);
  }
}
