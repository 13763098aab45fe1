// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** What rooms that only give commands see of {@link ConversationService#apply}. */
@FunctionalInterface
public interface ConversationCommands {

  /** Applies a command; see {@link ConversationService}. */
  Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation);
}
