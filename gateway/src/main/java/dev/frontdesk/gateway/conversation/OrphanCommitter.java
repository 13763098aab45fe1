// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to surface edits and withdrawals whose message did not come: into the conversation of
 * their contact, if there is one, in the commit that removes them and the timer they waited as. The
 * timer's row is the first guard, what was read the second: none is surfaced twice or missed.
 */
final class OrphanCommitter {

  private final Store store;
  private final ConversationCodec codec;
  private final CommittedConversations committed;

  OrphanCommitter(Store store, ConversationCodec codec, CommittedConversations committed) {
    this.store = store;
    this.codec = codec;
    this.committed = committed;
  }

  /** What waits for the message, in order of arrival; none once the message came. */
  Future<List<InboundEvent>> waiting(Workspace workspace, Timer timer) {
    return store
        .list(workspace.keys().parked(Orphans.of(timer).target()), 0, -1)
        .map(texts -> texts.stream().map(codec::event).toList());
  }

  /** Who changed a message that is not there; of no meaning when nothing waits any more. */
  static ContactKey contact(Timer timer, List<InboundEvent> events) {
    String channel = Orphans.of(timer).channel();
    if (events.isEmpty()) {
      return new ContactKey(channel, "", null);
    }
    return events.get(0) instanceof InboundEvent.Edited edit
        ? new ContactKey(channel, edit.contact().externalId(), edit.thread())
        : contact(channel, (InboundEvent.Deleted) events.get(0));
  }

  private static ContactKey contact(String channel, InboundEvent.Deleted deleted) {
    return new ContactKey(channel, deleted.contact().externalId(), deleted.thread());
  }

  /** Which were surfaced now; empty: the message came, or somebody else did it. */
  Future<Committed<Surfaced>> attempt(Workspace workspace, ContactKey contact, Timer timer) {
    return waiting(workspace, timer)
        .compose(
            events ->
                store
                    .load(
                        new LoadRequest(
                            workspace.id(),
                            contact,
                            null,
                            List.of(),
                            List.of(),
                            workspace.config().conversations().dedupeBuckets()))
                    .compose(loaded -> commit(workspace, contact, timer, events, loaded)));
  }

  private Future<Committed<Surfaced>> commit(
      Workspace workspace,
      ContactKey contact,
      Timer timer,
      List<InboundEvent> events,
      Loaded loaded) {
    Instant now = store.clock(workspace.id()).now();
    long breaks = store.breaks();
    String target = Orphans.of(timer).target();
    Key row = workspace.keys().timers();
    Guard first = new Guard.Present(row, timer.member());
    Commit.Builder commit =
        Commit.of(workspace.id(), now, Commit.Urgency.RELEASING)
            .guard(first)
            .guard(EffectWriter.allSeen(workspace, target, events.size()))
            .write(new Write.SortedRemove(row, timer.member()))
            .write(new Write.Delete(workspace.keys().parked(target)))
            .write(new Write.Delete(workspace.keys().parkedCount(target)));
    Conversation before = loaded.state() == null ? null : codec.conversation(loaded.state());
    List<Effect> effects = new ArrayList<>();
    Conversation next = told(workspace, before, events, now, effects);
    if (!effects.isEmpty()) {
      commit.guard(workspace.keys().pointer(contact).is(Objects.requireNonNull(loaded.pointer())));
      EffectWriter writer =
          new EffectWriter(workspace, codec, Objects.requireNonNull(next), now, commit)
              .state(loaded.version());
      effects.forEach(writer::effect);
      writer.board(before, next);
    }
    Conversation.Id told = next == null || effects.isEmpty() ? null : next.id();
    return store
        .commit(commit.build())
        .compose(
            result -> {
              if (result instanceof CommitResult.Done) {
                if (told != null) {
                  committed.committed(
                      workspace.id(), Objects.requireNonNull(next), loaded.version() + 1, breaks);
                }
                return done(new Surfaced(events, told), effects);
              }
              return result instanceof CommitResult.Conflict c && c.guard().equals(first)
                  ? done(Surfaced.NOTHING, List.of())
                  : Future.failedFuture(Attempts.notDone(result));
            });
  }

  private static @Nullable Conversation told(
      Workspace workspace,
      @Nullable Conversation before,
      List<InboundEvent> events,
      Instant now,
      List<Effect> effects) {
    Conversation next = before;
    for (InboundEvent event : before == null ? List.<InboundEvent>of() : events) {
      Transition transition =
          workspace
              .rules()
              .apply(Objects.requireNonNull(next), new ConversationEvent.Orphaned(event), now);
      if (transition.refusal() == null) {
        effects.addAll(transition.effects());
        next = transition.next();
      }
    }
    return next;
  }

  private static Future<Committed<Surfaced>> done(Surfaced surfaced, List<Effect> effects) {
    return Future.succeededFuture(new Committed<>(surfaced, effects));
  }
}
