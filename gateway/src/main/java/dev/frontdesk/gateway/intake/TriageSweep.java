// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ReloadSweep;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.List;

/**
 * Has the conversations that wait triaged once more after a reload changed the rules. Every node
 * that reloads does it: a triage may only rise, so the second time changes nothing. Of each the
 * last {@link #MESSAGES} messages are looked at.
 */
public final class TriageSweep {

  static final int MESSAGES = 20;

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
    return new ReloadSweep(store, workspace)
        .waiting()
        .each("Waiting conversations triaged after a change of rules", id -> triage(workspace, id));
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
