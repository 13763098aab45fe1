// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.config.CustomerSettings;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.QueueOverflow;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Pointer;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to store a run of customer messages and signals of one contact in one commit: the
 * events that are new, on the conversation the contact's pointer names, or on a new one. What this
 * node committed last is tried first, without a load, and loaded when it turns out to be stale.
 */
final class InboundCommitter {

  private final Store store;
  private final ConversationCodec codec;
  private final CommittedConversations committed;
  private final Function<ContactKey, Conversation.Id> newId;
  private final Lookout lookout;
  private final BotWatch bots;
  private final GatewayMetrics metrics;

  InboundCommitter(
      Store store,
      ConversationCodec codec,
      CommittedConversations committed,
      Function<ContactKey, Conversation.Id> newId,
      Lookout lookout,
      BotWatch bots,
      GatewayMetrics metrics) {
    this.store = store;
    this.codec = codec;
    this.committed = committed;
    this.newId = newId;
    this.lookout = lookout;
    this.bots = bots;
    this.metrics = metrics;
  }

  Future<Committed<List<Received>>> attempt(
      Workspace workspace,
      ContactKey contact,
      List<InboundEvent> events,
      @Nullable Conversation former) {
    List<String> digests =
        events.stream().map(e -> EffectWriter.digest(contact.channel(), e.key())).toList();
    long breaks = store.breaks();
    CommittedConversations.Guess guess = committed.of(workspace.id(), contact, breaks);
    if (guess == null
        || (guess.held() == null
            && (former == null
                ? lookout.looks(workspace, contact.channel())
                : lookout.knowsCustomers(workspace)))) {
      metrics.recalled(workspace.id(), "loaded");
      return loaded(workspace, contact, events, digests, former);
    }
    Read unread = Read.unread(guess.held(), events.size(), breaks);
    return new Run(workspace, contact, events, digests, unread, former, Surroundings.UNKNOWN)
        .commitUnread()
        .compose(
            done -> {
              guess.odds().told(done != null);
              if (done != null) {
                metrics.recalled(workspace.id(), guess.held() == null ? "new" : "held");
                return Future.succeededFuture(done);
              }
              metrics.recalled(workspace.id(), "stale");
              committed.forget(workspace.id(), contact);
              return loaded(workspace, contact, events, digests, former);
            });
  }

  private Future<Committed<List<Received>>> loaded(
      Workspace workspace,
      ContactKey contact,
      List<InboundEvent> events,
      List<String> digests,
      @Nullable Conversation former) {
    boolean asks = lookout.knowsCustomers(workspace);
    long breaks = store.breaks();
    return store
        .load(
            new LoadRequest(
                workspace.id(),
                contact,
                null,
                digests,
                digests,
                workspace.config().conversations().dedupeBuckets(),
                asks))
        .map(loaded -> Read.loaded(loaded, codec, asks, breaks))
        .compose(
            read ->
                surroundings(workspace, contact, events, read, former)
                    .compose(
                        around ->
                            new Run(workspace, contact, events, digests, read, former, around)
                                .commit()));
  }

  /** What is found out before a conversation opens; nothing is asked when none does. */
  private Future<Surroundings> surroundings(
      Workspace workspace,
      ContactKey contact,
      List<InboundEvent> events,
      Read read,
      @Nullable Conversation former) {
    Conversation present = read.conversation();
    boolean opens = present == null || present.stage() == Conversation.Stage.CLOSED;
    if (former != null) {
      return Future.succeededFuture(
          new Surroundings(null, null, null, customer(read, former), null, null));
    }
    if (opens && lookout.looks(workspace, contact.channel())) {
      for (int i = 0; i < events.size(); i++) {
        if (read.known().get(i) == null && events.get(i) instanceof InboundEvent.Received first) {
          Lookout.Known known = known(read);
          return first.automatic()
              ? Future.succeededFuture(
                  new Surroundings(null, null, null, known.customer(), null, null))
              : lookout.beforeOpening(workspace, contact, first, known);
        }
      }
    }
    return Future.succeededFuture(Surroundings.UNKNOWN);
  }

  /** Of the gauge of a queue: how many wait in it. */
  private static final String WAITING = "|waiting";

  /** Of what follows a full one: the link as it is now, what was looked up as it was then. */
  private @Nullable Customer customer(Read read, Conversation former) {
    Customer now = known(read).customer();
    Customer then = former.customer();
    boolean stands = then != null && (then.id() == null || !read.asked());
    return now == null && stands ? then : now;
  }

  private Lookout.Known known(Read read) {
    String lookup = read.lookup();
    return new Lookout.Known(
        read.link() == null ? null : codec.customer(read.link()),
        lookup == null
            ? null
            : new Surroundings.Looked(lookup.isEmpty() ? null : codec.customer(lookup)));
  }

  /**
   * What a decision starts from.
   *
   * @param pointer the conversation the contact's pointer names, or null
   * @param known per event what its dedupe entry says, or null
   * @param parked per event the events that wait for it
   * @param asked whether the store was asked about the contact's customer
   * @param link the customer of the contact, encoded, or null
   * @param lookup what was looked up about the contact, encoded, or null
   * @param breaks of the store before any of it was read: past them none of it may be trusted
   */
  private record Read(
      @Nullable String pointer,
      @Nullable Conversation conversation,
      long version,
      List<@Nullable String> known,
      List<List<String>> parked,
      boolean asked,
      @Nullable String link,
      @Nullable String lookup,
      long breaks) {

    static Read loaded(Loaded loaded, ConversationCodec codec, boolean asked, long breaks) {
      return new Read(
          loaded.pointer(),
          loaded.state() == null ? null : codec.conversation(loaded.state()),
          loaded.version(),
          loaded.known(),
          loaded.parked(),
          asked,
          loaded.link(),
          loaded.lookup(),
          breaks);
    }

    /** As this node left it (null: nothing), and all that comes is new: the guards will tell. */
    static Read unread(CommittedConversations.@Nullable Held held, int events, long breaks) {
      return new Read(
          held == null ? null : held.conversation().id().value(),
          held == null ? null : held.conversation(),
          held == null ? 0 : held.version(),
          Collections.nCopies(events, null),
          Collections.nCopies(events, List.of()),
          false,
          null,
          null,
          breaks);
    }
  }

  /** One decision and its commit. */
  private final class Run {
    private final Workspace workspace;
    private final ContactKey contact;
    private final List<InboundEvent> events;
    private final List<String> digests;
    private final Read read;
    private final Surroundings around;
    private final @Nullable Conversation former;
    private final Instant now;
    private final @Nullable Conversation before;
    private final List<Effect> effects = new ArrayList<>();
    private final List<Received> results = new ArrayList<>();
    private final Map<String, Integer> first = new HashMap<>();
    private final List<Key> consumed = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final List<Integer> fresh = new ArrayList<>();
    private @Nullable Conversation current;
    private boolean opens;

    Run(
        Workspace workspace,
        ContactKey contact,
        List<InboundEvent> events,
        List<String> digests,
        Read read,
        @Nullable Conversation former,
        Surroundings around) {
      this.workspace = workspace;
      this.contact = contact;
      this.events = events;
      this.digests = digests;
      this.read = read;
      this.around = around;
      this.former = former;
      this.now = store.clock(workspace.id()).now();
      this.before = read.conversation();
      this.current = before;
    }

    Future<Committed<List<Received>>> commit() {
      for (int i = 0; i < events.size(); i++) {
        results.add(one(i));
      }
      if (effects.isEmpty()) {
        return Future.succeededFuture(new Committed<>(List.copyOf(results), List.of()));
      }
      return store.commit(encode()).compose(this::concluded);
    }

    /** The same on a guess; null when it has to be loaded, and then nothing was written. */
    Future<@Nullable Committed<List<Received>>> commitUnread() {
      try {
        for (int i = 0; i < events.size(); i++) {
          results.add(one(i));
        }
      } catch (GatewayException | ConversationFullException refusedOnAGuess) {
        return Future.succeededFuture(null);
      }
      if (effects.isEmpty()) {
        return Future.succeededFuture(null);
      }
      return store
          .commit(encode())
          .compose(
              result ->
                  result instanceof CommitResult.Conflict
                      ? Future.succeededFuture(null)
                      : concluded(result).map(done -> done));
    }

    private Received one(int index) {
      String known = read.known().get(index);
      if (known != null) {
        return duplicate(known);
      }
      Integer earlier = first.putIfAbsent(digests.get(index), index);
      if (earlier != null) {
        Received same = results.get(earlier);
        return new Received(Received.Kind.DUPLICATE, same.conversation(), same.seq());
      }
      return decided(index, events.get(index));
    }

    private Received decided(int index, InboundEvent event) {
      Conversation at = current;
      if (at == null && !(event instanceof InboundEvent.Received)) {
        return new Received(Received.Kind.IGNORED, null, 0);
      }
      Transition transition = transition(at, event);
      if (transition.effects().isEmpty()) {
        return new Received(Received.Kind.IGNORED, transition.next().id(), 0);
      }
      current = transition.next();
      effects.addAll(transition.effects());
      fresh.add(index);
      int seq = transition.seqs().isEmpty() ? 0 : transition.seqs().get(0);
      applyParked(index, seq, transition);
      return new Received(Received.Kind.STORED, transition.next().id(), seq);
    }

    private Transition transition(@Nullable Conversation at, InboundEvent event) {
      Transition transition =
          at == null
              ? open((InboundEvent.Received) event)
              : workspace.rules().apply(at, new ConversationEvent.Inbound(event, null), now);
      Refusal refusal = transition.refusal();
      if (refusal == null) {
        return transition;
      }
      if (refusal.code() == Refusal.Code.CLOSED && event instanceof InboundEvent.Received m) {
        return open(m);
      }
      if (refusal.code() == Refusal.Code.FULL) {
        throw new ConversationFullException(Objects.requireNonNull(at).id());
      }
      throw new GatewayException(
          GatewayException.Kind.OVER_CAPACITY, refusal.code().label(), refusal.message());
    }

    private Transition open(InboundEvent.Received message) {
      opens = true;
      Conversation.Id id = newId.apply(contact);
      Surroundings seen = botRests(message) ? around.withoutBot() : around;
      return former == null
          ? workspace.rules().open(id, contact, message, seen, now)
          : workspace.rules().follow(id, former, message, seen, now);
    }

    private boolean botRests(InboundEvent.Received message) {
      Terms.Channel channel = workspace.terms().channels().get(contact.channel());
      String bot = channel == null || message.automatic() ? null : channel.bot();
      return bot != null && !bots.admits(workspace, bot, now);
    }

    /** Edits and receipts that came before their message, in order of arrival. */
    private void applyParked(int index, int seq, Transition appended) {
      List<String> waiting = read.parked().get(index);
      if (waiting.isEmpty() || seq == 0) {
        return;
      }
      Message message = messageOf(appended, seq);
      for (String text : waiting) {
        InboundEvent event = codec.event(text);
        Transition later =
            workspace
                .rules()
                .apply(
                    Objects.requireNonNull(current),
                    new ConversationEvent.Inbound(event, message),
                    now);
        if (later.refusal() == null) {
          current = later.next();
          effects.addAll(later.effects());
          message = changed(later, message);
        }
      }
      consumed.add(workspace.keys().parked(digests.get(index)));
      consumed.add(workspace.keys().parkedCount(digests.get(index)));
      found.add(new Orphans(contact.channel(), digests.get(index)).timer().member());
    }

    private Commit encode() {
      Conversation next = Objects.requireNonNull(current);
      Commit.Builder commit = Commit.of(workspace.id(), now, Commit.Urgency.INTAKE);
      // keys that must not exist stand side by side: they are asked for at once
      if (opens || before == null || before.stage() == Conversation.Stage.CLOSED) {
        Pointer pointer = workspace.keys().pointer(contact);
        commit.guard(read.pointer() == null ? pointer.isAbsent() : pointer.is(read.pointer()));
      } // else the version says it: a pointer leaves an open conversation only when that changes
      for (int index : fresh) {
        int seen = read.parked().get(index).size();
        commit.guard(EffectWriter.allSeen(workspace, digests.get(index), seen));
      }
      EffectWriter writer = new EffectWriter(workspace, codec, next, now, commit);
      writer.state(opens ? 0 : read.version());
      for (int index : fresh) {
        commit.guard(EffectWriter.unknown(workspace, digests.get(index), now));
      }
      effects.forEach(writer::effect);
      writer.board(opens ? null : before, next);
      consumed.forEach(key -> commit.write(new Write.Delete(key)));
      found.forEach(
          timer -> commit.write(new Write.SortedRemove(workspace.keys().timers(), timer)));
      if (opens) {
        bounds(commit, next);
        customer(commit);
      }
      return commit.build();
    }

    /** Nobody linked the contact meanwhile; what was looked up is kept for the next opening. */
    private void customer(Commit.Builder commit) {
      if (!read.asked()) {
        return;
      }
      Key link = workspace.keys().link(contact.identity());
      commit.guard(
          read.link() == null
              ? new Guard.Absent(link, null)
              : new Guard.Equals(link, null, read.link()));
      Surroundings.Looked looked = around.looked();
      CustomerSettings settings = workspace.config().customers();
      CustomerSettings.Lookup lookup = settings == null ? null : settings.lookup();
      if (looked != null && lookup != null) {
        Customer found = looked.customer();
        commit.write(
            new Write.Set(
                workspace.keys().lookup(contact.identity()),
                found == null ? "" : codec.encode(found),
                lookup.keep().toMillis()));
      }
    }

    private void bounds(Commit.Builder commit, Conversation next) {
      Key gauges = workspace.keys().gauges();
      String queue = next.triage().queue();
      var configured = workspace.config().queues().get(queue);
      if (configured != null) {
        commit.guard(new Guard.Within(gauges, queue + WAITING, 1, most(queue, configured)));
      }
      commit.guard(
          new Guard.Within(
              gauges, "conversations", 1, workspace.config().conversations().maxConversations()));
    }

    /** A queue that was found full and is asked again takes what it can: no other takes it. */
    private int most(String queue, FrontdeskConfig.Queue configured) {
      QueueOverflow overflow = configured.overflow();
      return overflow == null || overflow.length() == null || around.full().contains(queue)
          ? configured.maxWaiting()
          : overflow.length();
    }

    /** Whether another queue may have room: this one overflows, or was overflowed to. */
    private boolean mayOverflow(String queue) {
      var configured = workspace.config().queues().get(queue);
      return former == null
          && !around.full().contains(queue)
          && (!around.full().isEmpty() || (configured != null && configured.overflow() != null));
    }

    private Future<Committed<List<Received>>> concluded(CommitResult result) {
      if (result instanceof CommitResult.Done) {
        long version = opens ? 1 : read.version() + 1;
        committed.committed(
            workspace.id(), Objects.requireNonNull(current), version, read.breaks());
        return Future.succeededFuture(new Committed<>(List.copyOf(results), effects));
      }
      if (result instanceof CommitResult.Conflict conflict
          && conflict.guard() instanceof Guard.Within within) {
        String queue = Objects.requireNonNull(current).triage().queue();
        if ((queue + WAITING).equals(within.field()) && mayOverflow(queue)) {
          return new Run(workspace, contact, events, digests, read, former, around.full(queue))
              .commit();
        }
        return Future.failedFuture(
            new GatewayException(
                GatewayException.Kind.UNAVAILABLE,
                "queue-full",
                "'" + within.field() + "' is at its bound of " + within.bound()));
      }
      return Future.failedFuture(Attempts.notDone(result));
    }
  }

  private static Received duplicate(String known) {
    int space = known.lastIndexOf(' ');
    return new Received(
        Received.Kind.DUPLICATE,
        new Conversation.Id(known.substring(0, space)),
        Integer.parseInt(known.substring(space + 1)));
  }

  private static Message messageOf(Transition transition, int seq) {
    return transition.effects().stream()
        .filter(e -> e instanceof Effect.MessageAppended a && a.message().seq() == seq)
        .map(e -> ((Effect.MessageAppended) e).message())
        .findFirst()
        .orElseThrow();
  }

  private static Message changed(Transition transition, Message fallback) {
    Message message = fallback;
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.MessageChanged changed
          && changed.message().seq() == fallback.seq()) {
        message = changed.message();
      }
    }
    return message;
  }
}
