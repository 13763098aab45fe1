// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.store.Guard;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link ConversationCommands} of rooms whose commands hold only while something else does. */
public interface FencedCommands extends ConversationCommands {

  /** The same, refused with STALE_SESSION when a fence does not hold in the commit. */
  Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation,
      List<Guard> fences);
}
