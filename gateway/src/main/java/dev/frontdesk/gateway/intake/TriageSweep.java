// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.store.Key;
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
 * Has the conversations that wait triaged once more after a reload changed the rules. Every node
 * that reloads does it: a triage may only rise, so the second time changes nothing. Bounded: {@link
 * #AT_ONCE} conversations at a time, of each the last {@link #MESSAGES} messages.
 */
public final class TriageSweep {

  static final int MESSAGES = 20;
  private static final int AT_ONCE = 32;
  private static final int PAGE = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(TriageSweep.class);

  private final Store store;
  private final ConversationService conversations;

  public TriageSweep(Store store, ConversationService conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** Whether the rules of two configurations may give different triages. */
  public static boolean isNeeded(Workspace before, Workspace now) {
    return !(before.config().triage().equals(now.config().triage())
        && before.config().words().equals(now.config().words()));
  }

  /** Goes through one workspace; ends when all were asked. What fails is logged and left. */
  public Future<Void> sweep(Workspace workspace) {
    Set<String> waiting = new LinkedHashSet<>();
    Future<Void> collected = Future.succeededFuture();
    for (String queue : workspace.config().queues().keySet()) {
      for (String promise : workspace.config().promises().keySet()) {
        Key key = workspace.keys().waiting(queue, promise);
        collected = collected.compose(done -> collect(key, 0, waiting));
      }
    }
    return collected
        .compose(done -> triage(workspace, List.copyOf(waiting), 0))
        .onSuccess(
            done ->
                LOG.atInfo()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue("conversations", waiting.size())
                    .log("Waiting conversations triaged after a change of rules"))
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .setCause(failure)
                    .log("Waiting conversations not triaged after a change; reload once more"));
  }

  /** All of them before the first is raised: it may change its place. */
  private Future<Void> collect(Key key, long rank, Set<String> waiting) {
    return store
        .sorted(key, rank, rank + PAGE - 1)
        .compose(
            page -> {
              page.stream().map(Scored::member).forEach(waiting::add);
              return page.size() < PAGE
                  ? Future.succeededFuture()
                  : collect(key, rank + PAGE, waiting);
            });
  }

  private Future<Void> triage(Workspace workspace, List<String> ids, int from) {
    if (from >= ids.size()) {
      return Future.succeededFuture();
    }
    List<Future<?>> asked = new ArrayList<>();
    int to = Math.min(ids.size(), from + AT_ONCE);
    for (String id : ids.subList(from, to)) {
      asked.add(triage(workspace, new Conversation.Id(id)));
    }
    return Future.join(asked)
        .transform(
            done -> {
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("A waiting conversation was not triaged after a change");
              }
              return triage(workspace, ids, to);
            });
  }

  private Future<?> triage(Workspace workspace, Conversation.Id id) {
    return conversations
        .find(workspace, id)
        .compose(
            found ->
                found == null || found.conversation().humanAnswered()
                    ? Future.succeededFuture(List.<Message>of())
                    : last(workspace, found.conversation()))
        .compose(
            messages -> {
              List<MessageContent> contents =
                  messages.stream()
                      .filter(m -> m.direction() == Message.Direction.INBOUND && !m.deleted())
                      .map(Message::content)
                      .toList();
              return contents.isEmpty()
                  ? Future.succeededFuture()
                  : conversations.apply(
                      workspace, id, new ConversationEvent.TriageAgain(contents), null);
            });
  }

  private Future<List<Message>> last(Workspace workspace, Conversation conversation) {
    int to = conversation.lastSeq();
    return conversations.messages(workspace, conversation.id(), Math.max(1, to - MESSAGES + 1), to);
  }
}
