// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/** Messages that could not be delivered, for operators: list, send once more, forget. */
public final class DeadLetterBox {

  private static final Author OPERATOR = new Author(Author.Kind.SYSTEM, "operator", null);

  private final Store store;
  private final ConversationService conversations;

  public DeadLetterBox(Store store, ConversationService conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** All of a workspace: {@code ID.seq} to the reason. */
  public Future<Map<String, String>> list(Workspace workspace) {
    return store
        .hashAll(workspace.keys().deadLetters())
        .map(
            rows -> {
              Map<String, String> byId = new LinkedHashMap<>();
              rows.forEach(
                  (row, reason) -> {
                    if (row.indexOf(' ') > 0) {
                      String id = row.replace(' ', '.');
                      byId.put(id, reason.substring(reason.indexOf('\n') + 1));
                    }
                  });
              return byId;
            });
  }

  /** Sends it once more; false when there is no such dead letter. */
  public Future<Boolean> retry(Workspace workspace, Conversation.Id id, int seq) {
    return store
        .hashGet(workspace.keys().deadLetters(), row(id, seq))
        .compose(
            found ->
                found == null
                    ? Future.succeededFuture(false)
                    : conversations
                        .messages(workspace, id, seq, seq)
                        .compose(
                            messages ->
                                messages.isEmpty()
                                    ? Future.succeededFuture(false)
                                    : conversations
                                        .apply(
                                            workspace,
                                            id,
                                            new ConversationEvent.Resend(OPERATOR, messages.get(0)),
                                            null)
                                        .map(Outcome.Applied.class::isInstance)));
  }

  /** Forgets it; false when there is no such dead letter. */
  public Future<Boolean> delete(Workspace workspace, Conversation.Id id, int seq) {
    return store
        .hashGet(workspace.keys().deadLetters(), row(id, seq))
        .compose(
            found ->
                found == null
                    ? Future.succeededFuture(false)
                    : store
                        .commit(removal(workspace, row(id, seq), found))
                        .map(CommitResult.Done.class::isInstance));
  }

  private Commit removal(Workspace workspace, String row, String found) {
    Key gauges = workspace.keys().gauges();
    Commit.Builder removal =
        Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Present(workspace.keys().deadLetters(), row))
            .write(new Write.HashDelete(workspace.keys().deadLetters(), row))
            .write(new Write.HashAdd(gauges, RedisKeys.DEAD_LETTERS, -1));
    int line = found.indexOf('\n');
    if (line >= 0) {
      String channel = found.substring(0, line);
      removal.write(new Write.HashAdd(gauges, RedisKeys.deadLettersOf(channel), -1));
    }
    return removal.build();
  }

  private static String row(Conversation.Id id, int seq) {
    return id + " " + seq;
  }
}
