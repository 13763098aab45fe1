// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.event.EventLetter;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Erases single conversations: closes them first, then takes what they left elsewhere (answers that
 * are kept for repeats, dead letters, events that wait), then their own rows. At each step what is
 * left can be found again. Bounded: {@link #CHUNK} rows in one commit.
 */
public final class ConversationEraser {

  static final int CHUNK = 200;

  /** Answers that may still come to a conversation after it was closed, each from another node. */
  private static final int TRIES = 8;

  private final Store store;
  private final ConversationService conversations;
  private final DeadLetterBox deadLetters;
  private final EventLetterBox eventLetters;

  public ConversationEraser(
      Store store,
      ConversationService conversations,
      DeadLetterBox deadLetters,
      EventLetterBox eventLetters) {
    this.store = store;
    this.conversations = conversations;
    this.deadLetters = deadLetters;
    this.eventLetters = eventLetters;
  }

  /** Those of {@code ids} that belong to it; what is not there any more is passed over. */
  Future<Void> erase(Workspace workspace, Erasure erasure, List<Conversation.Id> ids) {
    List<Conversation.Id> hers = new ArrayList<>();
    return each(ids, id -> close(workspace, erasure, id, hers))
        .compose(closed -> letters(workspace, hers))
        .compose(gone -> each(hers, id -> forget(workspace, id, TRIES)));
  }

  /** One after the other. */
  private static Future<Void> each(
      List<Conversation.Id> ids, Function<Conversation.Id, Future<Void>> step) {
    Future<Void> all = Future.succeededFuture();
    for (Conversation.Id id : ids) {
      all = all.compose(before -> step.apply(id));
    }
    return all;
  }

  private Future<Void> close(
      Workspace workspace, Erasure erasure, Conversation.Id id, List<Conversation.Id> hers) {
    return conversations
        .find(workspace, id)
        .compose(
            found -> {
              if (found == null || !belongs(found, erasure)) {
                return Future.succeededFuture();
              }
              hers.add(id);
              return events(workspace, id)
                  .compose(
                      gone ->
                          conversations.apply(workspace, id, new ConversationEvent.Close(), null))
                  .compose(ConversationEraser::applied);
            });
  }

  /** Not before the last answer is gone: without the conversation nobody would find it again. */
  private Future<Void> forget(Workspace workspace, Conversation.Id id, int tries) {
    Guard none = new Guard.Absent(workspace.keys().answers(id), null);
    return answers(workspace, id)
        .compose(
            gone ->
                conversations.apply(
                    workspace, id, new ConversationEvent.Erase(), null, List.of(none)))
        .compose(
            outcome ->
                isFenced(outcome) && tries > 1
                    // one that was on its way when it was closed
                    ? forget(workspace, id, tries - 1)
                    : applied(outcome));
  }

  private static boolean isFenced(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        && refused.refusal().code() == Refusal.Code.STALE_SESSION;
  }

  private static boolean belongs(Snapshot found, Erasure erasure) {
    Conversation conversation = found.conversation();
    return erasure.identities().contains(conversation.contact().identity())
        && !conversation.openedAt().isAfter(erasure.at());
  }

  private static Future<Void> applied(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        ? Future.failedFuture(
            new IllegalStateException("not erased: " + refused.refusal().message()))
        : Future.succeededFuture();
  }

  /** What is kept for repeats of requests about it. */
  private Future<Void> answers(Workspace workspace, Conversation.Id id) {
    Key answers = workspace.keys().answers(id);
    return store
        .list(answers, 0, -1)
        .compose(
            digests -> {
              Future<Void> all = Future.succeededFuture();
              for (int from = 0; from < digests.size(); from += CHUNK) {
                List<String> some = digests.subList(from, Math.min(digests.size(), from + CHUNK));
                boolean last = from + CHUNK >= digests.size();
                all = all.compose(gone -> delete(workspace, some, last ? answers : null));
              }
              return all;
            });
  }

  private Future<Void> delete(Workspace workspace, List<String> digests, @Nullable Key list) {
    Commit.Builder commit = commit(workspace);
    digests.forEach(digest -> commit.write(new Write.Delete(workspace.keys().operation(digest))));
    if (list != null) {
      commit.write(new Write.Delete(list));
    }
    return store.commit(commit.build()).compose(ConversationEraser::done);
  }

  /** Nothing counts as erased that the store did not say is: whoever asked comes again. */
  private static Future<Void> done(CommitResult result) {
    return result instanceof CommitResult.Done
        ? Future.succeededFuture()
        : Future.failedFuture(
            new GatewayException(
                GatewayException.Kind.UNAVAILABLE,
                "not-erased",
                "the store refuses: " + result.getClass().getSimpleName()));
  }

  /** Closed conversations get no more of them. */
  private Future<Void> letters(Workspace workspace, List<Conversation.Id> ids) {
    Set<String> those = ids.stream().map(Conversation.Id::value).collect(Collectors.toSet());
    Future<Map<String, String>> messages = deadLetters.list(workspace);
    Future<List<EventLetter>> events = eventLetters.list(workspace);
    return Future.all(messages, events)
        .compose(
            both -> {
              Future<?> all = Future.succeededFuture();
              for (String letter : messages.result().keySet()) {
                int dot = letter.lastIndexOf('.');
                String id = letter.substring(0, dot);
                if (those.contains(id)) {
                  int seq = Integer.parseInt(letter.substring(dot + 1));
                  all =
                      all.compose(
                          gone -> deadLetters.delete(workspace, new Conversation.Id(id), seq));
                }
              }
              for (EventLetter letter : events.result()) {
                if (those.contains(letter.row().conversation().value())) {
                  all = all.compose(gone -> eventLetters.delete(workspace, letter.id()));
                }
              }
              return all.mapEmpty();
            });
  }

  /** Events that wait: they hold no text, but a bot's own words about a hand-over. */
  private Future<Void> events(Workspace workspace, Conversation.Id id) {
    List<Future<?>> all = new ArrayList<>();
    workspace.config().events().keySet().forEach(name -> all.add(events(workspace, name, id)));
    return Future.all(all).mapEmpty();
  }

  private Future<Void> events(Workspace workspace, String endpoint, Conversation.Id id) {
    RedisKeys keys = workspace.keys();
    Key rows = keys.eventRows(endpoint, id);
    return store
        .sorted(rows, 0, CHUNK - 1)
        .compose(
            some -> {
              if (some.isEmpty()) {
                return Future.succeededFuture();
              }
              Commit.Builder commit = commit(workspace);
              for (Scored row : some) {
                commit
                    .guard(new Guard.Present(rows, row.member()))
                    .write(new Write.SortedRemove(rows, row.member()));
              }
              commit.write(new Write.HashAdd(keys.gauges(), "events|" + endpoint, -some.size()));
              return store
                  .commit(commit.build())
                  // in conflict with whoever sent one of them meanwhile: those that are left
                  .compose(
                      result ->
                          result instanceof CommitResult.Conflict
                              ? Future.succeededFuture()
                              : done(result))
                  .compose(gone -> events(workspace, endpoint, id));
            });
  }

  private Commit.Builder commit(Workspace workspace) {
    return Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING);
  }
}
