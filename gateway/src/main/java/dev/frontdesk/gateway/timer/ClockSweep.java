// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.conversation.ConversationCommands;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the clocks that run computed once more after a reload changed promises or calendars. Every
 * node that reloads does it: computing a clock that is right changes nothing.
 */
public final class ClockSweep {
  private static final Logger LOG = LoggerFactory.getLogger(ClockSweep.class);
  private static final int PAGE = 1_000;
  private static final int AT_ONCE = 32;
  private static final Set<Timer.Kind> DEADLINES =
      Set.of(Timer.Kind.BREACH, Timer.Kind.NEXT_BREACH, Timer.Kind.RESOLUTION_BREACH);

  private final Store store;
  private final ConversationCommands conversations;

  public ClockSweep(Store store, ConversationCommands conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** Goes through one workspace; ends when all were asked. What fails is logged and left. */
  public Future<Void> sweep(Workspace workspace) {
    Set<String> running = new LinkedHashSet<>();
    return collect(workspace, 0, running)
        .compose(done -> recompute(workspace, List.copyOf(running), 0))
        .onSuccess(
            done ->
                LOG.atInfo()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue("conversations", running.size())
                    .log("Clocks computed after a change of promises or calendars"))
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .setCause(failure)
                    .log("Clocks not computed after a change; reload once more"));
  }

  /** All of them before the first is moved: ranks change as deadlines do. */
  private Future<Void> collect(Workspace workspace, long rank, Set<String> running) {
    return store
        .sorted(workspace.keys().timers(), rank, rank + PAGE - 1)
        .compose(
            page -> {
              page.forEach(row -> note(row, running));
              return page.size() < PAGE
                  ? Future.succeededFuture()
                  : collect(workspace, rank + PAGE, running);
            });
  }

  private static void note(Scored row, Set<String> running) {
    try {
      Timer timer = Timer.parse(row.member());
      if (DEADLINES.contains(timer.kind())) {
        running.add(timer.subject());
      }
    } catch (IllegalArgumentException e) {
      LOG.atDebug().addKeyValue(LogKeys.EVENT, row.member()).log("Not a timer, passed over");
    }
  }

  private Future<Void> recompute(Workspace workspace, List<String> ids, int from) {
    if (from >= ids.size()) {
      return Future.succeededFuture();
    }
    List<Future<?>> asked = new ArrayList<>();
    int to = Math.min(ids.size(), from + AT_ONCE);
    for (String id : ids.subList(from, to)) {
      asked.add(
          conversations.apply(
              workspace, new Conversation.Id(id), new ConversationEvent.TermsChanged(), null));
    }
    return Future.join(asked)
        .transform(
            done -> {
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("A clock was not computed after a change");
              }
              return recompute(workspace, ids, to);
            });
  }
}
