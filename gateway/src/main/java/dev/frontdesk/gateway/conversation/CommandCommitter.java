// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to apply a command to one conversation that is known by its id. */
final class CommandCommitter {

  static final Duration OPERATION_TTL = Duration.ofHours(24);

  private final Store store;
  private final ConversationCodec codec;
  private final CommittedConversations committed;
  private final Lookout lookout;

  CommandCommitter(
      Store store, ConversationCodec codec, CommittedConversations committed, Lookout lookout) {
    this.lookout = lookout;
    this.store = store;
    this.codec = codec;
    this.committed = committed;
  }

  Future<Committed<Outcome>> attempt(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation,
      List<Guard> fences) {
    long breaks = store.breaks();
    return store
        .load(new LoadRequest(workspace.id(), null, id, List.of(), List.of(), 1))
        .compose(
            loaded ->
                loaded.state() == null
                    ? gone(workspace, event)
                    : surroundings(workspace, event, loaded)
                        .compose(
                            around ->
                                new Run(
                                        workspace, event, operation, fences, loaded, breaks,
                                        List.of(), around)
                                    .commit()));
  }

  /**
   * People take over from a bot: the customer may be told the place in their queue. A pause is
   * over: it matters whether its owner is there.
   */
  private Future<Surroundings> surroundings(
      Workspace workspace, ConversationEvent event, Loaded loaded) {
    if (event instanceof ConversationEvent.Fired fired
        && fired.timer().kind() == Timer.Kind.PAUSE) {
      return owner(
          workspace, codec.conversation(java.util.Objects.requireNonNull(loaded.state())).owner());
    }
    boolean takeOver =
        event instanceof ConversationEvent.HandOff
            || (event instanceof ConversationEvent.Fired fired
                && fired.timer().kind() == Timer.Kind.BOT_SILENT);
    if (!takeOver) {
      return Future.succeededFuture(Surroundings.UNKNOWN);
    }
    Conversation before = codec.conversation(java.util.Objects.requireNonNull(loaded.state()));
    return lookout.tellsPlace(workspace, before.contact().channel())
        ? lookout.beforeQueueing(workspace, before.triage())
        : Future.succeededFuture(Surroundings.UNKNOWN);
  }

  private Future<Surroundings> owner(Workspace workspace, @Nullable Owner owner) {
    return owner == null || owner.kind() != Owner.Kind.AGENT
        ? Future.succeededFuture(Surroundings.UNKNOWN)
        : store
            .hashGet(workspace.keys().agent(new Agent.Id(owner.id())), "presence")
            .map(
                presence ->
                    Surroundings.of(
                        presence == null || presence.equals(Agent.Presence.OFFLINE.label())));
  }

  /** Nothing is left of the conversation; a timer of it just goes. */
  private Future<Committed<Outcome>> gone(Workspace workspace, ConversationEvent event) {
    Committed<Outcome> notFound = new Committed<>(new Outcome.NotFound(), List.of());
    if (!(event instanceof ConversationEvent.Fired fired)) {
      return Future.succeededFuture(notFound);
    }
    return store
        .commit(removal(workspace, fired))
        .compose(
            done ->
                done instanceof CommitResult.Done
                    ? Future.succeededFuture(notFound)
                    : Future.failedFuture(Attempts.notDone(done)));
  }

  private Commit removal(Workspace workspace, ConversationEvent.Fired fired) {
    return Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
        .write(new Write.SortedRemove(workspace.keys().timers(), fired.timer().member()))
        .build();
  }

  private final class Run {
    private final Workspace workspace;
    private final ConversationEvent event;
    private final @Nullable OperationRequest operation;
    private final List<Guard> fences;
    private final Loaded loaded;
    private final Instant now;
    private final Conversation before;
    private final Transition transition;
    private final List<String> early;
    private final Surroundings around;
    private final @Nullable Key earlyPlace;
    private final long breaks;

    Run(
        Workspace workspace,
        ConversationEvent event,
        @Nullable OperationRequest operation,
        List<Guard> fences,
        Loaded loaded,
        long breaks,
        List<String> early,
        Surroundings around) {
      this.workspace = workspace;
      this.event = event;
      this.operation = operation;
      this.fences = fences;
      this.loaded = loaded;
      this.breaks = breaks;
      this.now = store.clock(workspace.id()).now();
      this.before = codec.conversation(java.util.Objects.requireNonNull(loaded.state()));
      this.early = early;
      this.around = around;
      Transition own = workspace.rules().apply(before, event, around, now);
      this.earlyPlace = EarlyReceipts.place(workspace, before, own);
      this.transition = EarlyReceipts.applied(workspace, codec, own, early, now);
    }

    Future<Committed<Outcome>> commit() {
      if (operation != null && (transition.refusal() != null || transition.effects().isEmpty())) {
        return replayed().compose(found -> found != null ? done(found) : again());
      }
      return write();
    }

    /** Its row is gone after a day, but the conversation remembers: the messages of then. */
    private Future<Committed<Outcome>> again() {
      List<Integer> seqs = transition.seqs();
      if (seqs.isEmpty() || !transition.effects().isEmpty()) {
        return write();
      }
      return store
          .list(
              workspace.keys().messages(before.id()),
              seqs.get(0) - 1L,
              seqs.get(seqs.size() - 1) - 1L)
          .compose(
              texts ->
                  done(
                      new Outcome.Applied(
                          before, loaded.version(), texts.stream().map(codec::message).toList())));
    }

    private Future<Committed<Outcome>> write() {
      boolean changes = !transition.effects().isEmpty() || !transition.next().equals(before);
      if (!changes && !(event instanceof ConversationEvent.Fired) && operation == null) {
        return done(outcome(loaded.version()));
      }
      Commit commit = encode(changes);
      return store.commit(commit).compose(result -> concluded(result, changes));
    }

    private Commit encode(boolean changes) {
      Commit.Builder commit = Commit.of(workspace.id(), now, Commit.Urgency.RELEASING);
      if (transition.refusal() == null) {
        // what the rules refuse anyway is told as they say it, and its text is kept as a note
        fences.forEach(commit::guard);
      }
      if (event instanceof ConversationEvent.Fired fired) {
        commit.write(new Write.SortedRemove(workspace.keys().timers(), fired.timer().member()));
      }
      if (changes) {
        EffectWriter writer =
            new EffectWriter(workspace, codec, transition.next(), now, commit)
                .offering(event instanceof ConversationEvent.Offer)
                .state(loaded.version());
        transition.effects().forEach(writer::effect);
        writer.board(before, transition.next());
        if (earlyPlace != null && early.isEmpty()) {
          commit.guard(new Guard.Absent(earlyPlace, null));
        } else if (earlyPlace != null) {
          commit.write(new Write.Delete(earlyPlace));
        }
      }
      if (operation != null && (transition.refusal() == null || changes)) {
        Key key = operationKey();
        commit.guard(new Guard.Absent(key, null));
        commit.write(new Write.Set(key, operationRow(changes), OPERATION_TTL.toMillis()));
        Key answers = workspace.keys().answers(before.id());
        commit
            .write(new Write.Push(answers, ContactKey.digestOf(operation.operation().id())))
            .write(new Write.Trim(answers, RedisKeys.MAX_ANSWERS))
            .write(new Write.Expire(answers, OPERATION_TTL.toMillis()));
      }
      Key used = onceKey();
      if (used != null && transition.refusal() == null) {
        commit.guard(new Guard.Absent(used, null));
        commit.write(new Write.Set(used, "", OPERATION_TTL.toMillis()));
      }
      return commit.build();
    }

    private Future<Committed<Outcome>> concluded(CommitResult result, boolean changes) {
      Key place = earlyPlace;
      if (result instanceof CommitResult.Done) {
        if (changes) {
          committed.committed(workspace.id(), transition.next(), loaded.version() + 1, breaks);
        }
        return Future.succeededFuture(
            new Committed<>(
                outcome(changes ? loaded.version() + 1 : loaded.version()), transition.effects()));
      }
      if (result instanceof CommitResult.Conflict conflict
          && early.isEmpty()
          && place != null
          && conflict.guard().key().equals(place)) {
        return withEarly(place);
      }
      if (result instanceof CommitResult.Conflict conflict) {
        Refusal refusal =
            fences.contains(conflict.guard())
                ? new Refusal(
                    Refusal.Code.STALE_SESSION, "the session does not hold the conversation")
                : fenceRefusal(conflict.guard());
        if (refusal == null && conflict.guard().key().equals(onceKey())) {
          refusal = new Refusal(Refusal.Code.ANSWERED, "it was answered before, once is all");
        }
        boolean repeated = operation != null && conflict.guard().key().equals(operationKey());
        if (refusal != null || repeated) {
          return unlessReplayed(refusal);
        }
      }
      return Future.failedFuture(Attempts.notDone(result));
    }

    /** Receipts were here first: the same once more, together with them. */
    private Future<Committed<Outcome>> withEarly(Key place) {
      return store
          .list(place, 0, -1)
          .compose(
              found ->
                  found.isEmpty()
                      ? Future.failedFuture(new Attempts.Again("early receipts went"))
                      : new Run(workspace, event, operation, fences, loaded, breaks, found, around)
                          .commit());
    }

    /** A refusal stands unless the same operation was applied before. */
    private Future<Committed<Outcome>> unlessReplayed(@Nullable Refusal refusal) {
      Future<@Nullable Outcome> before =
          operation == null ? Future.succeededFuture(null) : replayed();
      return before.compose(
          found -> {
            if (found != null) {
              return done(found);
            }
            return refusal == null
                ? Future.failedFuture(new Attempts.Again("operation row went"))
                : done(new Outcome.Refused(refusal, this.before, loaded.version()));
          });
    }

    private Outcome outcome(long version) {
      Refusal refusal = transition.refusal();
      if (refusal != null) {
        return new Outcome.Refused(refusal, transition.next(), version);
      }
      return new Outcome.Applied(transition.next(), version, produced());
    }

    private List<Message> produced() {
      List<Message> messages = new ArrayList<>();
      for (Effect effect : transition.effects()) {
        if (effect instanceof Effect.MessageAppended a
            && transition.seqs().contains(a.message().seq())) {
          messages.add(a.message());
        }
      }
      return List.copyOf(messages);
    }

    /** The row of what only one operation may use, or null. */
    private @Nullable Key onceKey() {
      String once = operation == null ? null : operation.once();
      return once == null ? null : workspace.keys().operation(ContactKey.digestOf(once));
    }

    private Key operationKey() {
      OperationRequest request = java.util.Objects.requireNonNull(operation);
      return workspace.keys().operation(ContactKey.digestOf(request.operation().id()));
    }

    private String operationRow(boolean changes) {
      OperationRequest request = java.util.Objects.requireNonNull(operation);
      long version = changes ? loaded.version() + 1 : loaded.version();
      Refusal refusal = transition.refusal();
      String answer =
          refusal == null
              ? request.answer().apply(new Outcome.Applied(transition.next(), version, produced()))
              : request.refusal().apply(new Outcome.Refused(refusal, transition.next(), version));
      return request.operation().digest() + '\n' + answer;
    }

    /** The stored answer of the same operation, a reuse of its id, or null when it is new. */
    private Future<@Nullable Outcome> replayed() {
      OperationRequest request = java.util.Objects.requireNonNull(operation);
      return store
          .get(operationKey())
          .map(
              row -> {
                if (row == null) {
                  return null;
                }
                int line = row.indexOf('\n');
                return row.substring(0, line).equals(request.operation().digest())
                    ? new Outcome.Replayed(row.substring(line + 1))
                    : new Outcome.Reused();
              });
    }
  }

  private static Future<Committed<Outcome>> done(Outcome outcome) {
    return Future.succeededFuture(new Committed<>(outcome, List.of()));
  }

  /** The refusal that a fence guard stands for, or null when it was not a fence. */
  private static @Nullable Refusal fenceRefusal(Guard guard) {
    if (guard instanceof Guard.Within) {
      return new Refusal(Refusal.Code.NO_CAPACITY, "the agent has no room left");
    }
    if (guard.key().name().contains("}:a:")) {
      return new Refusal(Refusal.Code.AGENT_GONE, "the agent is not available any more");
    }
    return null;
  }
}
