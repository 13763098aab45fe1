// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.List;

/**
 * Holds back what an older copy of the store would send, much of which was sent since: each such
 * message becomes {@code unknown} and a dead letter, so that an operator says which is sent again.
 * Doing it twice is harmless. Nothing else may send meanwhile.
 */
public final class OutboxHold {

  /** Conversations looked at together. */
  private static final int TOGETHER = 32;

  private final Store store;
  private final ConversationService conversations;

  public OutboxHold(Store store, ConversationService conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** Holds everything a workspace has to send; the number of messages held. */
  public Future<Integer> hold(Workspace at, String reason) {
    return store
        .sorted(at.keys().outbox(), 0, -1)
        .compose(rows -> from(at, reason, rows.stream().map(Scored::member).toList(), 0, 0));
  }

  private Future<Integer> from(
      Workspace at, String reason, List<String> ids, int start, int already) {
    if (start >= ids.size()) {
      return Future.succeededFuture(already);
    }
    int end = Math.min(start + TOGETHER, ids.size());
    List<Future<Integer>> some =
        ids.subList(start, end).stream()
            .map(id -> one(at, reason, new Conversation.Id(id), 0))
            .toList();
    return Future.all(some)
        .map(done -> already + done.<Integer>list().stream().mapToInt(Integer::intValue).sum())
        .compose(held -> from(at, reason, ids, end, held));
  }

  /** One conversation, its first message first, until it has nothing to send. */
  private Future<Integer> one(Workspace at, String reason, Conversation.Id id, int already) {
    return conversations
        .find(at, id)
        .compose(
            found -> {
              if (found == null || found.conversation().outbox().isEmpty()) {
                return Future.succeededFuture(already);
              }
              int seq = found.conversation().outbox().get(0).seq();
              return conversations
                  .messages(at, id, seq, seq)
                  .compose(
                      messages ->
                          messages.isEmpty()
                              ? Future.succeededFuture(already) // the dispatcher finds it gone, too
                              : withhold(at, reason, id, messages.get(0), already));
            });
  }

  private Future<Integer> withhold(
      Workspace at, String reason, Conversation.Id id, Message message, int already) {
    return conversations
        .apply(at, id, new ConversationEvent.Withheld(message, reason), null)
        .compose(
            outcome ->
                outcome instanceof Outcome.Applied
                    ? one(at, reason, id, already + 1)
                    : Future.failedFuture(
                        new IllegalStateException("message not held: " + outcome)));
  }
}
