// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which session of one bot holds which conversation. The truth is a hash in the store; this keeps
 * what was last seen of it. Not thread-safe: belongs to its room's context.
 */
final class Pins {

  private final Workspace workspace;
  private final Key pins;
  private final Key sessions;
  private final Key frames;
  private final Key owned;
  private final Store store;
  private final Map<Conversation.Id, String> here = new HashMap<>();
  private final Map<Conversation.Id, String> elsewhere = new HashMap<>();

  Pins(Workspace workspace, String bot, Store store) {
    this.workspace = workspace;
    this.pins = workspace.keys().botPins(bot);
    this.sessions = workspace.keys().botSessions(bot);
    this.frames = workspace.keys().botFrames(bot);
    this.owned = workspace.keys().botOwned(bot);
    this.store = store;
  }

  /** The session of this node that holds a conversation, or null. */
  @Nullable String holder(Conversation.Id id) {
    return here.get(id);
  }

  boolean isHere(Conversation.Id id) {
    return here.containsKey(id);
  }

  boolean isHeldBy(Conversation.Id id, String session) {
    return session.equals(here.get(id));
  }

  Set<Conversation.Id> here() {
    return here.keySet();
  }

  /** Whether a live session of another node holds it, as far as is known. */
  boolean isElsewhere(Conversation.Id id, Registry registry, long now) {
    String holder = elsewhere.get(id);
    if (holder != null && !registry.isLive(holder, now)) {
      elsewhere.remove(id);
      return false;
    }
    return holder != null;
  }

  /** Keeps what is known of other nodes only for conversations that have frames waiting. */
  void onlyWaiting(Set<Conversation.Id> ids) {
    elsewhere.keySet().retainAll(ids);
  }

  /** A session of this node is gone; the store still names it until another takes over. */
  void forget(String session) {
    here.values().removeIf(session::equals);
  }

  /**
   * Gives a conversation to {@code session} unless a live one has it.
   *
   * @param ours sessions of this node
   * @return the session of this node that now holds it; empty when another node's does, or when
   *     somebody else was quicker
   */
  Future<Optional<String>> take(
      BotCursor cursor, String session, Set<String> ours, Registry registry, long now) {
    Conversation.Id id = cursor.conversation();
    return store
        .hashGet(pins, id.value())
        .compose(
            holder -> {
              if (holder != null && ours.contains(holder)) {
                here.put(id, holder);
                return Future.succeededFuture(Optional.of(holder));
              }
              if (holder != null && registry.isLive(holder, now)) {
                elsewhere.put(id, holder);
                return Future.succeededFuture(Optional.empty());
              }
              return store
                  .commit(claim(cursor, session, holder, registry))
                  .compose(result -> taken(cursor, session, result));
            });
  }

  private Commit claim(BotCursor cursor, String session, @Nullable String dead, Registry registry) {
    String id = cursor.conversation().value();
    Commit.Builder commit =
        Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Present(sessions, Registry.field(session)))
            .guard(new Guard.Present(frames, cursor.member()))
            .guard(new Guard.Present(owned, id));
    if (dead == null) {
      commit.guard(new Guard.Absent(pins, id));
    } else {
      commit
          .guard(new Guard.Equals(pins, id, dead))
          .guard(registry.dead(sessions, dead))
          .write(new Write.HashDelete(sessions, Registry.field(dead)));
    }
    return commit.write(new Write.HashSet(pins, id, session)).build();
  }

  private Future<Optional<String>> taken(BotCursor cursor, String session, CommitResult result) {
    Conversation.Id id = cursor.conversation();
    if (result instanceof CommitResult.Done) {
      here.put(id, session);
      elsewhere.remove(id);
      return Future.succeededFuture(Optional.of(session));
    }
    boolean left =
        result instanceof CommitResult.Conflict conflict && conflict.guard().key().equals(owned);
    return left ? drop(cursor).map(Optional.empty()) : Future.succeededFuture(Optional.empty());
  }

  /** A frame of a conversation that is no longer the bot's goes. */
  private Future<Void> drop(BotCursor cursor) {
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .guard(new Guard.Absent(owned, cursor.conversation().value()))
                .write(new Write.SortedRemove(frames, cursor.member()))
                .write(new Write.HashDelete(pins, cursor.conversation().value()))
                .build())
        .mapEmpty();
  }

  /** The conversation left the bot. */
  Future<Void> remove(Conversation.Id id, String holder) {
    here.remove(id);
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .guard(new Guard.Equals(pins, id.value(), holder))
                .write(new Write.HashDelete(pins, id.value()))
                .build())
        .mapEmpty();
  }
}
