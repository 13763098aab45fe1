// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * One attempt to store an edit, a deletion or a receipt: it goes to the conversation that holds its
 * target, whichever is open now, or waits for the target for {@link EffectWriter#PARKED_TTL}.
 */
final class ReferenceCommitter {

  private final Store store;
  private final ConversationCodec codec;
  private final CommittedConversations committed;

  ReferenceCommitter(Store store, ConversationCodec codec, CommittedConversations committed) {
    this.store = store;
    this.codec = codec;
    this.committed = committed;
  }

  /** The event key of the message this event is about. */
  static String target(InboundEvent event) {
    if (event instanceof InboundEvent.Edited e) {
      return e.target();
    }
    if (event instanceof InboundEvent.Deleted e) {
      return e.target();
    }
    return Effect.KeyRemembered.OUTBOUND + ((InboundEvent.Receipt) event).target();
  }

  Future<Committed<List<Received>>> attempt(
      Workspace workspace, ContactKey contact, InboundEvent event) {
    String own = EffectWriter.digest(contact.channel(), event.key());
    String target = EffectWriter.digest(contact.channel(), target(event));
    return store
        .load(
            new LoadRequest(
                workspace.id(),
                contact,
                null,
                List.of(own, target),
                List.of(),
                workspace.config().conversations().dedupeBuckets()))
        .compose(
            loaded -> {
              if (loaded.known().get(0) != null) {
                return done(row(Received.Kind.DUPLICATE, loaded.known().get(0)), List.of());
              }
              String found = loaded.known().get(1);
              return found == null
                  ? park(workspace, contact, event, own, target)
                  : refer(workspace, event, own, row(Received.Kind.STORED, found));
            });
  }

  /** Once, however often it is tried: what waits is bounded, and a repeat would push others out. */
  private Future<Committed<List<Received>>> park(
      Workspace workspace, ContactKey contact, InboundEvent event, String own, String target) {
    Instant now = store.clock(workspace.id()).now();
    Guard waits = new Guard.Absent(workspace.keys().parkedCount(target), own);
    Commit.Builder commit =
        Commit.of(workspace.id(), now, Commit.Urgency.INTAKE)
            .guard(waits)
            .write(new Write.HashSet(waits.key(), own, ""));
    EffectWriter.park(workspace, contact.channel(), target, event, codec, now, commit);
    Received parked = new Received(Received.Kind.PARKED, null, 0);
    return store
        .commit(commit.build())
        .compose(
            outcome ->
                outcome instanceof CommitResult.Done
                    ? done(parked, List.of())
                    : store
                        .hashGet(waits.key(), own)
                        .compose(
                            there ->
                                there != null
                                    ? done(parked, List.of())
                                    : Future.failedFuture(Attempts.notDone(outcome))));
  }

  private Future<Committed<List<Received>>> refer(
      Workspace workspace, InboundEvent event, String own, Received at) {
    Conversation.Id id = java.util.Objects.requireNonNull(at.conversation());
    Future<Loaded> state =
        store.load(new LoadRequest(workspace.id(), null, id, List.of(), List.of(), 1));
    Future<List<String>> message =
        store.list(workspace.keys().messages(id), at.seq() - 1L, at.seq() - 1L);
    return Future.all(state, message)
        .compose(
            both ->
                state.result().state() == null || message.result().isEmpty()
                    ? done(new Received(Received.Kind.IGNORED, id, 0), List.of())
                    : write(
                        workspace,
                        event,
                        own,
                        at,
                        state.result(),
                        codec.message(message.result().get(0))));
  }

  private Future<Committed<List<Received>>> write(
      Workspace workspace,
      InboundEvent event,
      String own,
      Received at,
      Loaded loaded,
      Message message) {
    Instant now = store.clock(workspace.id()).now();
    Conversation before = codec.conversation(java.util.Objects.requireNonNull(loaded.state()));
    Transition transition =
        workspace.rules().apply(before, new ConversationEvent.Inbound(event, message), now);
    if (transition.effects().isEmpty()) {
      return done(new Received(Received.Kind.IGNORED, before.id(), at.seq()), List.of());
    }
    long breaks = store.breaks();
    Commit.Builder commit = Commit.of(workspace.id(), now, Commit.Urgency.INTAKE);
    commit.guard(EffectWriter.unknown(workspace, own, now));
    EffectWriter writer =
        new EffectWriter(workspace, codec, transition.next(), now, commit).state(loaded.version());
    transition.effects().forEach(writer::effect);
    writer.board(before, transition.next());
    return stored(commit.build(), at, transition.effects())
        .onSuccess(
            done ->
                committed.committed(
                    workspace.id(), transition.next(), loaded.version() + 1, breaks));
  }

  private Future<Committed<List<Received>>> stored(
      Commit commit, Received result, List<Effect> effects) {
    return store
        .commit(commit)
        .compose(
            outcome ->
                outcome instanceof CommitResult.Done
                    ? done(result, effects)
                    : Future.failedFuture(Attempts.notDone(outcome)));
  }

  private static Future<Committed<List<Received>>> done(Received result, List<Effect> effects) {
    return Future.succeededFuture(new Committed<>(List.of(result), effects));
  }

  private static Received row(Received.Kind kind, String known) {
    int space = known.lastIndexOf(' ');
    return new Received(
        kind,
        new Conversation.Id(known.substring(0, space)),
        Integer.parseInt(known.substring(space + 1)));
  }
}
