// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.conversation.ConversationCommands;
import dev.frontdesk.gateway.conversation.ReloadSweep;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.Set;

/**
 * Has the clocks that run computed once more, and the next level of a ladder with them, after a
 * reload changed promises or calendars. Every node that reloads does it: computing a clock that is
 * right changes nothing.
 */
public final class ClockSweep {
  private static final Set<Timer.Kind> DEADLINES =
      Set.of(
          Timer.Kind.BREACH,
          Timer.Kind.NEXT_BREACH,
          Timer.Kind.RESOLUTION_BREACH,
          Timer.Kind.SUPPLIER_BREACH,
          Timer.Kind.FOLLOW_UP_BREACH,
          Timer.Kind.ESCALATION);

  private final Store store;
  private final ConversationCommands conversations;

  public ClockSweep(Store store, ConversationCommands conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** Goes through one workspace; ends when all were asked. What fails is logged and left. */
  public Future<Void> sweep(Workspace workspace) {
    return new ReloadSweep(store, workspace)
        .armed(DEADLINES)
        .waiting()
        .each(
            "Clocks computed after a change of promises or calendars",
            id -> conversations.apply(workspace, id, new ConversationEvent.TermsChanged(), null));
  }
}
