// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

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
import dev.frontdesk.gateway.store.Pointer;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to put a message of the gateway's own into the outbox, in the conversation of its
 * contact or a new one, in the commit that removes the timer it waited as. The timer's row is the
 * first guard: whoever finds it gone has nothing to say.
 */
final class NoticeCommitter {

  private final Store store;
  private final ConversationCodec codec;
  private final CommittedConversations committed;
  private final Function<ContactKey, Conversation.Id> newId;

  NoticeCommitter(
      Store store,
      ConversationCodec codec,
      CommittedConversations committed,
      Function<ContactKey, Conversation.Id> newId) {
    this.store = store;
    this.codec = codec;
    this.committed = committed;
    this.newId = newId;
  }

  /** Whether it was put there now. */
  Future<Committed<Notified>> attempt(
      Workspace workspace, ContactKey contact, ConversationEvent.Notify event, Timer timer) {
    return store
        .load(
            new LoadRequest(
                workspace.id(),
                contact,
                null,
                List.of(),
                List.of(),
                workspace.config().conversations().dedupeBuckets()))
        .compose(loaded -> commit(workspace, contact, event, timer, loaded));
  }

  private Future<Committed<Notified>> commit(
      Workspace workspace,
      ContactKey contact,
      ConversationEvent.Notify event,
      Timer timer,
      Loaded loaded) {
    Instant now = store.clock(workspace.id()).now();
    long breaks = store.breaks();
    Conversation present = loaded.state() == null ? null : codec.conversation(loaded.state());
    Conversation before =
        present == null || present.stage() == Conversation.Stage.CLOSED ? null : present;
    Transition transition =
        before == null
            ? workspace.rules().notify(newId.apply(contact), contact, event, now)
            : workspace.rules().apply(before, event, now);
    boolean says = transition.refusal() == null && !transition.effects().isEmpty();
    Key row = workspace.keys().timers();
    Commit.Builder commit =
        Commit.of(workspace.id(), now, Commit.Urgency.RELEASING)
            .guard(new Guard.Present(row, timer.member()))
            .write(new Write.SortedRemove(row, timer.member()));
    long version = before == null ? 0 : loaded.version();
    if (says) {
      Pointer pointer = workspace.keys().pointer(contact);
      commit.guard(loaded.pointer() == null ? pointer.isAbsent() : pointer.is(loaded.pointer()));
      EffectWriter writer =
          new EffectWriter(workspace, codec, transition.next(), now, commit).state(version);
      transition.effects().forEach(writer::effect);
      writer.board(before, transition.next());
    }
    return store
        .commit(commit.build())
        .compose(result -> concluded(workspace, timer, transition, says, version, breaks, result));
  }

  private Future<Committed<Notified>> concluded(
      Workspace workspace,
      Timer timer,
      Transition transition,
      boolean says,
      long version,
      long breaks,
      CommitResult result) {
    if (result instanceof CommitResult.Done) {
      if (says) {
        committed.committed(workspace.id(), transition.next(), version + 1, breaks);
      }
      List<Effect> effects = says ? transition.effects() : List.of();
      return Future.succeededFuture(new Committed<>(said(transition, says), effects));
    }
    return isGone(workspace, timer, result)
        ? Future.succeededFuture(new Committed<>(Notified.BEFORE, List.of()))
        : Future.failedFuture(Attempts.notDone(result));
  }

  private static Notified said(Transition transition, boolean says) {
    return says ? Notified.SENT : transition.refusal() == null ? Notified.BEFORE : Notified.REFUSED;
  }

  private static boolean isGone(Workspace workspace, Timer timer, @Nullable CommitResult result) {
    return result instanceof CommitResult.Conflict conflict
        && conflict.guard().equals(new Guard.Present(workspace.keys().timers(), timer.member()));
  }
}
