// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.CommitTooLargeException;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one way a conversation changes: load, apply, commit, in its lane.
 *
 * <ol>
 *   <li>Events of one contact take effect in the order they were given to this node; customer
 *       messages that wait together are stored in one commit.
 *   <li>A future completes on the caller's context, and only when the commit is durable.
 *   <li>It fails with {@code GatewayException}: UNAVAILABLE when the store does not answer within
 *       the budget (1.5 s), OVER_CAPACITY when a bound is reached.
 * </ol>
 */
public final class ConversationService implements FencedCommands {

  /**
   * Most customer messages stored by one commit. Well below 4,000 arguments as long as few of them
   * bring edits that came before them; with more of those the run is stored in halves.
   */
  static final int MAX_BATCH = 32;

  private final Store store;
  private final ConversationCodec codec;
  private final GatewayMetrics metrics;
  private final BotWatch bots;
  private final Attempts attempts;
  private final InboundCommitter inbound;
  private final ReferenceCommitter references;
  private final CommandCommitter commands;
  private final NoticeCommitter notices;
  private final OrphanCommitter orphans;
  private final Lanes<Work, Object> lanes;
  private final CommittedConversations committed;
  private final Map<String, Runnable> followed = new ConcurrentHashMap<>();

  /**
   * Wires the service.
   *
   * @param random for ids (must be unpredictable in the server) and for jitter
   * @param maxWaiting events that may wait in the lanes of this node
   */
  public ConversationService(
      Store store,
      ConversationCodec codec,
      Scheduler scheduler,
      RandomGenerator random,
      GatewayMetrics metrics,
      int maxWaiting) {
    this(store, codec, scheduler, random, metrics, maxWaiting, Lookout.none());
  }

  /**
   * The same with something to find out before conversations open.
   *
   * @param random for ids (must be unpredictable in the server) and for jitter
   * @param maxWaiting events that may wait in the lanes of this node
   */
  public ConversationService(
      Store store,
      ConversationCodec codec,
      Scheduler scheduler,
      RandomGenerator random,
      GatewayMetrics metrics,
      int maxWaiting,
      Lookout lookout) {
    this(store, codec, scheduler, random, metrics, maxWaiting, lookout, BotWatch.none());
  }

  /**
   * The same with bots that may rest.
   *
   * @param random for ids (must be unpredictable in the server) and for jitter
   * @param maxWaiting events that may wait in the lanes of this node
   */
  public ConversationService(
      Store store,
      ConversationCodec codec,
      Scheduler scheduler,
      RandomGenerator random,
      GatewayMetrics metrics,
      int maxWaiting,
      Lookout lookout,
      BotWatch bots) {
    this.store = store;
    this.bots = bots;
    this.codec = codec;
    this.metrics = metrics;
    this.attempts = new Attempts(store, scheduler, random, metrics);
    this.committed = new CommittedConversations();
    this.inbound =
        new InboundCommitter(
            store, codec, committed, contact -> newId(contact, random), lookout, bots, metrics);
    this.references = new ReferenceCommitter(store, codec, committed);
    this.commands = new CommandCommitter(store, codec, committed, lookout);
    this.notices = new NoticeCommitter(store, codec, committed, contact -> newId(contact, random));
    this.orphans = new OrphanCommitter(store, codec, committed);
    this.lanes = new Lanes<>(this::run, ConversationService::joins, MAX_BATCH, maxWaiting);
  }

  /** Stores inbound events of one contact of one channel, in order; one result per event. */
  public Future<List<Received>> receive(
      Workspace workspace, ContactKey contact, List<InboundEvent> events) {
    follow(workspace);
    String lane = workspace.id() + '/' + contact.identity().substring(0, 8);
    if (events.size() == 1) {
      return received(lane, workspace, contact, events.get(0))
          .map(List::of)
          .recover(ConversationService::bounded);
    }
    List<Future<Received>> each = new ArrayList<>(events.size());
    for (InboundEvent event : events) {
      each.add(received(lane, workspace, contact, event));
    }
    return Future.all(each).map(all -> all.<Received>list()).recover(ConversationService::bounded);
  }

  /** Hears what other nodes commit in a workspace, from its first conversation here on. */
  private void follow(Workspace workspace) {
    if (!followed.containsKey(workspace.id())) {
      followed.computeIfAbsent(
          workspace.id(), id -> store.onWakeUp(id, topics -> committed.heard(id, topics)));
    }
  }

  /** Conversations of all workspaces that this node remembers as it committed them last. */
  long remembered() {
    return committed.size();
  }

  private Future<Received> received(
      String lane, Workspace workspace, ContactKey contact, InboundEvent event) {
    return lanes.submit(lane, new Arrived(workspace, contact, event)).map(Received.class::cast);
  }

  /** Applies a command. {@code operation} null: not remembered. */
  @Override
  public Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation) {
    return apply(workspace, id, event, operation, List.of());
  }

  /**
   * Applies a command whose sender must still be who it was: refused with STALE_SESSION when one of
   * the fences does not hold in the very commit that applies it.
   */
  @Override
  public Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation,
      List<Guard> fences) {
    follow(workspace);
    return submitted(new Command(workspace, id, event, operation, List.copyOf(fences)))
        .map(done -> (Outcome) done.result());
  }

  /**
   * A timer of a conversation fell due. Ends with the time it was due; null when the conversation
   * does not wait for it any more, or another attempt of this call was the one that took effect.
   */
  public Future<@Nullable Instant> fire(Workspace workspace, Timer timer) {
    Conversation.Id id = new Conversation.Id(timer.subject());
    ConversationEvent event = new ConversationEvent.Fired(timer);
    return submitted(new Command(workspace, id, event, null, List.of()))
        .map(done -> dueOf(timer, done.effects()));
  }

  private static @Nullable Instant dueOf(Timer timer, List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.TimerCleared cleared && cleared.timer().equals(timer)) {
        return cleared.due();
      }
    }
    return null;
  }

  private Future<Committed<?>> submitted(Command command) {
    Future<Committed<?>> done =
        lanes
            .submit(command.workspace().id() + '/' + command.id().lane(), command)
            .map(result -> (Committed<?>) result);
    return done.recover(ConversationService::bounded);
  }

  /**
   * Puts a message of the gateway's own into the outbox, once: the commit removes the timer it
   * waited as.
   */
  public Future<Notified> notify(
      Workspace workspace, ContactKey contact, ConversationEvent.Notify event, Timer timer) {
    return lanes
        .submit(
            workspace.id() + '/' + contact.digest().substring(0, 8),
            new Noticed(workspace, contact, event, timer))
        .map(Notified.class::cast)
        .recover(ConversationService::bounded);
  }

  /**
   * Edits and withdrawals waited long enough for a message: tells them in their contact's
   * conversation, once, in the commit that removes them and the timer.
   */
  public Future<Surfaced> surface(Workspace workspace, Timer timer) {
    return orphans
        .waiting(workspace, timer)
        .compose(
            events -> {
              ContactKey contact = OrphanCommitter.contact(timer, events);
              String lane = workspace.id() + '/' + contact.identity().substring(0, 8);
              return lanes
                  .submit(lane, new Orphaned(workspace, contact, timer))
                  .map(Surfaced.class::cast);
            })
        .recover(ConversationService::bounded);
  }

  /** The conversation as it is now and its version; null when there is none. */
  public Future<@Nullable Snapshot> find(Workspace workspace, Conversation.Id id) {
    return store
        .load(new LoadRequest(workspace.id(), null, id, List.of(), List.of(), 1))
        .map(
            loaded ->
                loaded.state() == null
                    ? null
                    : new Snapshot(codec.conversation(loaded.state()), loaded.version()))
        .recover(ConversationService::unavailable);
  }

  /** Messages with seq in {@code [from, to]}, ascending. */
  public Future<List<Message>> messages(Workspace workspace, Conversation.Id id, int from, int to) {
    return store
        .list(workspace.keys().messages(id), from - 1L, to - 1L)
        .map(texts -> texts.stream().map(codec::message).toList())
        .recover(ConversationService::unavailable);
  }

  /** A conversation and the version it was read at. */
  public record Snapshot(Conversation conversation, long version) {}

  private Future<List<Object>> run(List<Work> batch) {
    Work first = batch.get(0);
    if (first instanceof Command c) {
      return attempts
          .run(
              c.workspace().id(),
              () -> commands.attempt(c.workspace(), c.id(), c.event(), c.operation(), c.fences()))
          .map(
              done -> {
                tell(c.workspace(), done.effects());
                return List.of(done);
              });
    }
    if (first instanceof Noticed n) {
      return attempts
          .run(
              n.workspace().id(),
              () -> notices.attempt(n.workspace(), n.contact(), n.event(), n.timer()))
          .map(done -> List.<Object>of(told(n.workspace(), done)));
    }
    if (first instanceof Orphaned o) {
      return attempts
          .run(o.workspace().id(), () -> orphans.attempt(o.workspace(), o.contact(), o.timer()))
          .map(done -> List.<Object>of(told(o.workspace(), done)));
    }
    Arrived arrived = (Arrived) first;
    Workspace workspace = arrived.workspace();
    List<InboundEvent> events = batch.stream().map(w -> ((Arrived) w).event()).toList();
    if (refers(arrived.event())) {
      return attempts
          .run(
              workspace.id(),
              () -> references.attempt(workspace, arrived.contact(), arrived.event()))
          .map(done -> List.<Object>copyOf(told(workspace, done)));
    }
    return stored(workspace, arrived.contact(), events, null).map(List::<Object>copyOf);
  }

  private Future<List<Received>> stored(
      Workspace workspace,
      ContactKey contact,
      List<InboundEvent> events,
      @Nullable Conversation former) {
    return attempts
        .run(workspace.id(), () -> inbound.attempt(workspace, contact, events, former))
        .map(done -> told(workspace, done))
        .recover(failure -> otherwise(workspace, contact, events, former, failure));
  }

  private Future<List<Received>> otherwise(
      Workspace workspace,
      ContactKey contact,
      List<InboundEvent> events,
      @Nullable Conversation former,
      Throwable failure) {
    boolean full = failure instanceof ConversationFullException;
    if (events.size() > 1 && (full || failure instanceof CommitTooLargeException)) {
      return inHalves(workspace, contact, events);
    }
    if (full && former == null) {
      return overflow(workspace, ((ConversationFullException) failure).conversation())
          .compose(closed -> stored(workspace, contact, events, closed));
    }
    return Future.failedFuture(
        full
            ? new GatewayException(
                GatewayException.Kind.UNAVAILABLE, "busy", "the conversation is full again")
            : failure);
  }

  /** Closes a conversation that is full; as it was left. */
  private Future<@Nullable Conversation> overflow(Workspace workspace, Conversation.Id id) {
    return attempts
        .run(
            workspace.id(),
            () ->
                commands.attempt(workspace, id, new ConversationEvent.Overflow(), null, List.of()))
        .map(done -> told(workspace, done))
        .map(outcome -> outcome instanceof Outcome.Applied a ? a.conversation() : null);
  }

  /** In order: the second half only after the first; what is stored of it stays when that fails. */
  private Future<List<Received>> inHalves(
      Workspace workspace, ContactKey contact, List<InboundEvent> events) {
    int half = events.size() / 2;
    return stored(workspace, contact, events.subList(0, half), null)
        .compose(
            first ->
                stored(workspace, contact, events.subList(half, events.size()), null)
                    .map(second -> Stream.concat(first.stream(), second.stream()).toList()));
  }

  private <T> T told(Workspace workspace, Committed<T> done) {
    tell(workspace, done.effects());
    return done.result();
  }

  private void tell(Workspace workspace, List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.VerdictGiven given) {
        metrics.firstResponse(workspace.id(), given.promise(), given.verdict().label());
      } else if (effect instanceof Effect.SpellStarted started) {
        metrics.spellStarted(workspace.id(), started.promise());
      } else if (effect instanceof Effect.ClockVerdict later) {
        metrics.clockVerdict(
            workspace.id(), later.clock().label(), later.promise(), later.verdict().label());
      } else if (effect instanceof Effect.BotAnswered answered) {
        bots.answered(workspace, answered.bot());
      } else if (effect instanceof Effect.BotSkipped skipped) {
        metrics.botSkipped(workspace.id(), skipped.bot());
      } else if (effect instanceof Effect.Announced told
          && told.name().equals(Effect.Announced.ESCALATED)) {
        Map<String, String> details = told.details();
        metrics.escalated(
            workspace.id(), details.getOrDefault("promise", ""), details.getOrDefault("level", ""));
      }
    }
  }

  private static boolean joins(Work first, Work next) {
    return first instanceof Arrived a
        && next instanceof Arrived b
        && a.workspace().id().equals(b.workspace().id())
        && a.contact().equals(b.contact())
        && !refers(a.event())
        && !refers(b.event());
  }

  private static boolean refers(InboundEvent event) {
    return event instanceof InboundEvent.Edited
        || event instanceof InboundEvent.Deleted
        || event instanceof InboundEvent.Receipt;
  }

  private static Conversation.Id newId(ContactKey contact, RandomGenerator random) {
    byte[] bits = new byte[11];
    random.nextBytes(bits);
    String tail = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    return new Conversation.Id(
        contact.identity().substring(0, 8) + tail.substring(0, Conversation.Id.LENGTH - 8));
  }

  private static <T> Future<T> bounded(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Lanes.LaneFullException
            ? new GatewayException(
                GatewayException.Kind.UNAVAILABLE,
                "overloaded",
                String.valueOf(failure.getMessage()))
            : failure);
  }

  private static <T> Future<T> unavailable(Throwable failure) {
    return Future.failedFuture(
        failure instanceof StoreUnavailableException
            ? new GatewayException(
                GatewayException.Kind.UNAVAILABLE, "store-unavailable", "the store does not answer")
            : failure);
  }

  private sealed interface Work {}

  private record Arrived(Workspace workspace, ContactKey contact, InboundEvent event)
      implements Work {}

  private record Noticed(
      Workspace workspace, ContactKey contact, ConversationEvent.Notify event, Timer timer)
      implements Work {}

  private record Orphaned(Workspace workspace, ContactKey contact, Timer timer) implements Work {}

  private record Command(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation,
      List<Guard> fences)
      implements Work {}
}
