// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.conversation.FencedCommands;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.routing.PresenceLease;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is there: says, renews and ends the presence leases of agents.
 *
 * <ol>
 *   <li>An agent that is not heard of for a term is offline: no new offers, open ones revoked.
 *   <li>If it does not come back within the grace, conversations that wait on us move; nothing has
 *       moved if it does.
 *   <li>Every step is one guarded commit on the agent's hash, so nodes need not agree; a step that
 *       was cut off is done again when its timer is claimed again.
 * </ol>
 *
 * Thread-safe.
 */
public final class AgentPresence {

  private static final Logger LOG = LoggerFactory.getLogger(AgentPresence.class);

  /** Times a step is decided again after meeting another writer. */
  private static final int ATTEMPTS = 6;

  private final Store store;
  private final FencedCommands conversations;
  private final LongSupplier nanos;

  /** Jumps of the time, per workspace: each lives by the clock of its own primary. */
  private final Map<String, ClockSteps> steps = new ConcurrentHashMap<>();

  private final PollTurns turns;

  /** Leases as last seen, per agent's key: spares a read per poll. Bounded by the agents. */
  private final Map<Key, PresenceLease> seen = new ConcurrentHashMap<>();

  /** Agents whose lease is being renewed now: a poll that comes meanwhile renews nothing. */
  private final Set<Key> renewing = ConcurrentHashMap.newKeySet();

  /**
   * Presence of the agents of all workspaces.
   *
   * @param nanos the monotonic clock that the store's time is compared with
   * @param turns what renewals wait for
   */
  public AgentPresence(
      Store store, FencedCommands conversations, LongSupplier nanos, PollTurns turns) {
    this.store = store;
    this.conversations = conversations;
    this.nanos = nanos;
    this.turns = turns;
  }

  /**
   * Looks at the time of a workspace: a jump is noticed if it comes between two looks. Whoever says
   * or renews looks; who begins to end leases should look first.
   */
  public void watch(Workspace workspace) {
    steps(workspace).look();
  }

  /**
   * What an agent says of being there; begins a lease. Open offers go back unless available; who is
   * available has wrapped up; who is available or busy keeps what it still owns.
   */
  public Future<PresenceLease> say(Workspace workspace, Agent.Id agent, Agent.Presence presence) {
    watch(workspace);
    return step(
            workspace,
            agent,
            (row, now) -> row.lease().saying(presence, now, term(workspace, agent)),
            ATTEMPTS)
        .compose(lease -> said(workspace, agent, lease).map(lease));
  }

  /** Told again whenever it is said, so that a repeat makes up for what a failure left. */
  private Future<Void> said(Workspace workspace, Agent.Id agent, PresenceLease lease) {
    if (lease.presence() == Agent.Presence.AVAILABLE) {
      return returned(workspace, agent, lease).compose(done -> wrappedUp(workspace, agent));
    }
    Future<Void> revoked = revoked(workspace, agent);
    return lease.presence() == Agent.Presence.BUSY
        ? revoked.compose(done -> returned(workspace, agent, lease))
        : revoked;
  }

  /**
   * The agent was heard of: an open or finished poll. Does nothing for an offline agent, and
   * completes at once while another renewal is on its way.
   */
  public Future<Void> renew(Workspace workspace, Agent.Id agent) {
    watch(workspace);
    Key key = workspace.keys().agent(agent);
    PresenceLease known = seen.get(key);
    Instant at = store.clock(workspace.id()).now();
    Duration term = term(workspace, agent);
    if (known != null && !known.isWorthRenewing(at, term) && known.isLive(at)) {
      return Future.succeededFuture();
    }
    if (!renewing.add(key)) {
      return Future.succeededFuture();
    }
    return turns
        .take(
            () ->
                step(
                    workspace,
                    agent,
                    (row, now) ->
                        row.lease().isWorthRenewing(now, term)
                            ? row.lease().renewed(now, term)
                            : row.lease(),
                    ATTEMPTS))
        .onComplete(done -> renewing.remove(key))
        .mapEmpty();
  }

  /**
   * A timer of an agent fell due. Completes when its member is gone or armed again; a failure
   * leaves it to be claimed again. Tells when it was due: of a lease that lapsed, its end; null
   * otherwise, the end of the grace is kept nowhere.
   */
  public Future<@Nullable Instant> fired(Workspace workspace, Timer timer) {
    Agent.Id agent = new Agent.Id(timer.subject());
    return timer.kind() == Timer.Kind.PRESENCE
        ? lapsed(workspace, agent, timer)
        : vanished(workspace, agent, timer).map((Instant) null);
  }

  private Future<@Nullable Instant> lapsed(Workspace workspace, Agent.Id agent, Timer timer) {
    return step(
            workspace,
            agent,
            (row, now) ->
                afterTerm(
                    row.lease(), timer, now, term(workspace, agent), steps(workspace).newest()),
            ATTEMPTS)
        .compose(lease -> dropUnless(workspace, timer, lease))
        .compose(
            lease ->
                lease.generation() == timer.generation() + 1
                        && lease.presence() == Agent.Presence.OFFLINE
                    ? revoked(workspace, agent).map(lease.until())
                    : Future.succeededFuture());
  }

  /** The lease is over, or runs on: it was renewed, or the clock jumped within the last term. */
  private static PresenceLease afterTerm(
      PresenceLease lease, Timer timer, Instant now, Duration term, Instant stepped) {
    if (lease.generation() != timer.generation()
        || lease.presence() == Agent.Presence.OFFLINE
        || lease.until().isAfter(now)) {
      return lease;
    }
    Instant graceEnd = stepped.plus(term);
    return graceEnd.isAfter(now)
        ? new PresenceLease(lease.presence(), graceEnd, lease.generation())
        : lease.lapsed();
  }

  private ClockSteps steps(Workspace workspace) {
    return steps.computeIfAbsent(workspace.id(), id -> new ClockSteps(store.clock(id), nanos));
  }

  /** How long this agent may be unheard of: longer for who works on a phone that sleeps. */
  private static Duration term(Workspace workspace, Agent.Id id) {
    Agent agent = workspace.agents().get(id);
    return agent == null ? PresenceLease.TERM : agent.lease();
  }

  /** Removes the timer if it is stale; if the lease runs on, arms it at its end. */
  private Future<PresenceLease> dropUnless(Workspace workspace, Timer timer, PresenceLease lease) {
    Key timers = workspace.keys().timers();
    boolean runs =
        lease.generation() == timer.generation() && lease.presence() != Agent.Presence.OFFLINE;
    Write write =
        runs
            ? new Write.SortedAdd(timers, timer.member(), lease.until().toEpochMilli())
            : new Write.SortedRemove(timers, timer.member());
    return commit(commit(workspace, store.clock(workspace.id()).now()).write(write).build())
        .map(lease);
  }

  private Future<Void> vanished(Workspace workspace, Agent.Id agent, Timer timer) {
    return store
        .hashAll(workspace.keys().agent(agent))
        .map(hash -> AgentRow.of(hash).lease())
        .compose(
            lease ->
                lease.generation() == timer.generation()
                        && lease.presence() == Agent.Presence.OFFLINE
                    ? gone(workspace, agent, lease)
                    : Future.succeededFuture())
        .compose(
            done ->
                commit(
                    commit(workspace, store.clock(workspace.id()).now())
                        .write(new Write.SortedRemove(workspace.keys().timers(), timer.member()))
                        .build()))
        .mapEmpty();
  }

  /** Open offers go back. */
  private Future<Void> revoked(Workspace workspace, Agent.Id agent) {
    return tellAll(workspace, agent, new ConversationEvent.AgentVanished(agent, false), List.of());
  }

  /** The grace is over; which conversations move, they know. None does once the agent is back. */
  private Future<Void> gone(Workspace workspace, Agent.Id agent, PresenceLease lease) {
    Key key = workspace.keys().agent(agent);
    return tellAll(
        workspace,
        agent,
        new ConversationEvent.AgentVanished(agent, true),
        List.of(
            new Guard.Equals(key, AgentRow.PRESENCE, Agent.Presence.OFFLINE.label()),
            generation(key, lease)));
  }

  /** Back before it left again: what waited for the customer stays. */
  private Future<Void> returned(Workspace workspace, Agent.Id agent, PresenceLease lease) {
    return tellAll(
        workspace,
        agent,
        new ConversationEvent.AgentReturned(agent),
        List.of(generation(workspace.keys().agent(agent), lease)));
  }

  private static Guard generation(Key key, PresenceLease lease) {
    return new Guard.Equals(key, AgentRow.GENERATION, String.valueOf(lease.generation()));
  }

  /** What the agent resolved takes its capacity no longer. */
  private Future<Void> wrappedUp(Workspace workspace, Agent.Id agent) {
    return workspace.config().routing().wrapUp().isZero()
        ? Future.succeededFuture()
        : tellAll(workspace, agent, new ConversationEvent.WrappedUp(agent), List.of());
  }

  /** Every conversation charged to the agent; one that a fence refuses is none of its business. */
  private Future<Void> tellAll(
      Workspace workspace, Agent.Id agent, ConversationEvent event, List<Guard> fences) {
    return store
        .hashAll(workspace.keys().agentLoad(agent))
        .compose(
            charged -> {
              List<Future<?>> told = new ArrayList<>(charged.size());
              for (String id : charged.keySet()) {
                told.add(
                    conversations.apply(workspace, new Conversation.Id(id), event, null, fences));
              }
              return Future.join(told).mapEmpty();
            });
  }

  /** What a lease becomes, decided from what was read. */
  @FunctionalInterface
  private interface Decision {
    PresenceLease decide(AgentRow row, Instant now);
  }

  private Future<PresenceLease> step(
      Workspace workspace, Agent.Id agent, Decision decision, int attempts) {
    Key key = workspace.keys().agent(agent);
    return store
        .hashAll(key)
        .compose(
            hash -> {
              Instant now = store.clock(workspace.id()).now();
              AgentRow row = AgentRow.of(hash);
              PresenceLease next = decision.decide(row, now);
              return next.equals(row.lease())
                  ? Future.succeededFuture(Optional.of(next))
                  : commit(steps(workspace, agent, row, next, now))
                      .map(done -> done ? Optional.of(next) : Optional.<PresenceLease>empty());
            })
        .onFailure(e -> seen.remove(key))
        .compose(lease -> settled(workspace, agent, decision, attempts, lease));
  }

  private Future<PresenceLease> settled(
      Workspace workspace,
      Agent.Id agent,
      Decision decision,
      int attempts,
      Optional<PresenceLease> lease) {
    if (lease.isPresent()) {
      seen.put(workspace.keys().agent(agent), lease.get());
      return Future.succeededFuture(lease.get());
    }
    return attempts > 1
        ? step(workspace, agent, decision, attempts - 1)
        : Future.failedFuture(
            new GatewayException(
                GatewayException.Kind.UNAVAILABLE,
                "contended",
                "presence of " + agent + " is being changed, try again"));
  }

  private static Commit steps(
      Workspace workspace, Agent.Id agent, AgentRow row, PresenceLease next, Instant now) {
    Key key = workspace.keys().agent(agent);
    Key timers = workspace.keys().timers();
    PresenceLease last = row.lease();
    Commit.Builder commit = commit(workspace, now);
    commit.guard(
        last.generation() == 0
            ? new Guard.Absent(key, AgentRow.GENERATION)
            : generation(key, last));
    if (next.presence() != last.presence()) {
      commit
          .write(new Write.HashSet(key, AgentRow.PRESENCE, next.presence().label()))
          .wake(List.of("g", "a:" + agent));
      LOG.atInfo()
          .addKeyValue(LogKeys.WORKSPACE, workspace.id())
          .addKeyValue(LogKeys.AGENT, agent)
          .addKeyValue("presence", next.presence().label())
          .log("Presence of an agent changes");
    }
    if (next.generation() != last.generation()) {
      commit.write(new Write.HashSet(key, AgentRow.GENERATION, String.valueOf(next.generation())));
    }
    if (last.generation() == 0) {
      commit.write(new Write.HashSet(key, AgentRow.IDLE, millis(now)));
    }
    if (isSignIn(workspace, last, next, now)) {
      commit.write(new Write.HashSet(key, AgentRow.SIGNED_IN, millis(now)));
    }
    if (next.presence() == Agent.Presence.OFFLINE) {
      Instant moves = now.plus(workspace.config().routing().vanishGrace());
      commit
          .guard(new Guard.Equals(key, AgentRow.UNTIL, millis(last.until())))
          .write(new Write.HashSet(key, AgentRow.UNTIL, millis(next.until())))
          .write(new Write.SortedRemove(timers, member(Timer.Kind.PRESENCE, agent, last)))
          .write(
              new Write.SortedAdd(
                  timers, member(Timer.Kind.VANISHED, agent, next), moves.toEpochMilli()))
          .wake("t:" + moves.toEpochMilli());
    } else {
      commit
          .write(new Write.HashSet(key, AgentRow.UNTIL, millis(next.until())))
          .write(
              new Write.SortedAdd(
                  timers, member(Timer.Kind.PRESENCE, agent, next), next.until().toEpochMilli()));
    }
    if (last.presence() == Agent.Presence.OFFLINE && last.generation() > 0) {
      commit.write(new Write.SortedRemove(timers, member(Timer.Kind.VANISHED, agent, last)));
    }
    return commit.build();
  }

  /** Only who warms up needs it; one who is back before its conversations moved never left. */
  private static boolean isSignIn(
      Workspace workspace, PresenceLease last, PresenceLease next, Instant now) {
    return workspace.config().routing().warmUp() != null
        && last.presence() == Agent.Presence.OFFLINE
        && next.presence() != Agent.Presence.OFFLINE
        && now.isAfter(last.until().plus(workspace.config().routing().vanishGrace()));
  }

  private static String member(Timer.Kind kind, Agent.Id agent, PresenceLease lease) {
    return new Timer(kind, agent.value(), lease.generation()).member();
  }

  private static String millis(Instant at) {
    return String.valueOf(at.toEpochMilli());
  }

  private static Commit.Builder commit(Workspace workspace, Instant now) {
    return Commit.of(workspace.id(), now, Commit.Urgency.RELEASING);
  }

  /** True: done. False: another writer was first, decide again. */
  private Future<Boolean> commit(Commit commit) {
    return store
        .commit(commit)
        .compose(
            result -> {
              if (result instanceof CommitResult.Done) {
                return Future.succeededFuture(true);
              }
              if (result instanceof CommitResult.Conflict || result instanceof CommitResult.Stale) {
                return Future.succeededFuture(false);
              }
              return Future.failedFuture(
                  new GatewayException(
                      GatewayException.Kind.UNAVAILABLE,
                      "store-refused",
                      "the store refuses: " + result.getClass().getSimpleName()));
            });
  }
}
