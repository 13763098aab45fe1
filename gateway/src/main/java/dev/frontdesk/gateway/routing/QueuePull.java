// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.ConversationCommands;
import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.DecisionMemory;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An agent takes the next conversation it may serve, by the same policy as offers. Works on every
 * node; the commit decides between two who take the same one. Thread-safe.
 */
public final class QueuePull {

  /** Commits refused before giving up; each loss is somebody else's win, or a move. */
  private static final int MOST_LOSSES = 64;

  /**
   * Rows looked at per lane: at first, and at most while the agent may have none of those in front.
   * Where there are many lanes {@link QueueHeads} gives each less.
   */
  private static final int DEPTH = 32;

  private static final int FARTHEST = 512;

  private final Store store;
  private final ConversationCommands conversations;
  private final QueueHeads heads;
  private final Bystanders bystanders;

  /** Shares owed, per workspace and node; losing an update costs one decision its place. */
  private final Map<String, DecisionMemory> memories = new ConcurrentHashMap<>();

  public QueuePull(Store store, ConversationCommands conversations) {
    this.store = store;
    this.conversations = conversations;
    this.heads = new QueueHeads(store);
    this.bystanders = new Bystanders(store);
  }

  /**
   * Assigns the next conversation to this agent. Empty when nothing waits that the agent may serve
   * (a repeated operation must then still be looked up by its id). Fails with CONFLICT {@code
   * agent-gone} when the agent is offline, {@code no-capacity} when it is full; with UNAVAILABLE
   * when 64 times somebody else was faster.
   *
   * @param operation remembered with the commit; a repeat gives {@code Outcome.Replayed}
   * @return how the assignment ended; never {@code Refused}
   */
  public Future<Optional<Outcome>> take(
      Workspace workspace, Agent.Id id, @Nullable OperationRequest operation) {
    Agent agent = workspace.agents().get(id);
    return agent == null
        ? Future.succeededFuture(Optional.empty())
        : take(new Attempt(workspace, agent, operation, Set.of(), 0));
  }

  /**
   * One look at the queue and one commit.
   *
   * @param lost conversations that somebody else has
   * @param losses commits that were refused
   */
  private record Attempt(
      Workspace workspace,
      Agent agent,
      @Nullable OperationRequest operation,
      Set<Conversation.Id> lost,
      int losses) {

    /** The next one. What only waits elsewhere by now is not lost: it may be had from there. */
    Attempt after(Conversation.Id refused, Outcome outcome) {
      Set<Conversation.Id> more = new HashSet<>(lost);
      boolean moved =
          outcome instanceof Outcome.Refused because
              && because.refusal().code() == Refusal.Code.WRONG_STATE;
      if (!moved) {
        more.add(refused);
      }
      return new Attempt(workspace, agent, operation, more, losses + 1);
    }
  }

  private Future<Optional<Outcome>> take(Attempt attempt) {
    Agent agent = attempt.agent();
    Instant now = store.clock(attempt.workspace().id()).now();
    return store
        .hashAll(attempt.workspace().keys().agent(agent.id()))
        .map(hash -> seat(agent, AgentRow.of(hash), now))
        .compose(seat -> look(attempt, seat, now, DEPTH))
        .compose(decision -> assign(attempt, decision));
  }

  /** Decides about the first rows; farther on if there are more and none of these may be had. */
  private Future<Optional<RoutingPass.Decision>> look(
      Attempt attempt, AgentSeat seat, Instant now, int depth) {
    Workspace workspace = attempt.workspace();
    return heads
        .read(workspace, bucket -> bucket.admits(seat.agent()), depth)
        .compose(
            lanes ->
                others(workspace, lanes)
                    .map(others -> plan(workspace, lanes, others, seat, attempt.lost(), now)))
        .compose(
            plan ->
                plan.decisions().isEmpty() && plan.starved() && depth < FARTHEST
                    ? look(attempt, seat, now, Math.min(FARTHEST, 4 * depth))
                    : Future.succeededFuture(plan.decisions().stream().findFirst()));
  }

  private static AgentSeat seat(Agent agent, AgentRow row, Instant now) {
    if (!row.lease().isLive(now)) {
      throw new GatewayException(
          GatewayException.Kind.CONFLICT,
          Refusal.Code.AGENT_GONE.label(),
          "presence is offline, expected available: PUT /api/v1/agent/presence first");
    }
    AgentSeat seat = new AgentSeat(agent, row.lease().generation(), row.load(), row.idleSince());
    if (!seat.hasRoomFor(1)) {
      throw full(seat);
    }
    return seat;
  }

  private static GatewayException outrun() {
    return new GatewayException(
        GatewayException.Kind.UNAVAILABLE,
        "unavailable",
        MOST_LOSSES + " conversations went to others first, expected less of a crowd: try again");
  }

  private static GatewayException full(AgentSeat seat) {
    return new GatewayException(
        GatewayException.Kind.CONFLICT,
        Refusal.Code.NO_CAPACITY.label(),
        "load is " + seat.load() + ", expected less than " + seat.agent().capacity());
  }

  /** Who else is there: asked only where something is kept for others while they are. */
  private Future<List<AgentSeat>> others(Workspace workspace, List<RoutingPass.Lane> lanes) {
    boolean kept =
        !workspace.access().isOpen()
            || lanes.stream()
                .flatMap(lane -> lane.waiting().stream().limit(1))
                .anyMatch(head -> !head.bucket().steps().isEmpty());
    return kept ? bystanders.of(workspace) : Future.succeededFuture(List.of());
  }

  private RoutingPass.Plan plan(
      Workspace workspace,
      List<RoutingPass.Lane> lanes,
      List<AgentSeat> others,
      AgentSeat seat,
      Set<Conversation.Id> lost,
      Instant now) {
    DecisionMemory memory = memories.getOrDefault(workspace.id(), DecisionMemory.EMPTY);
    SeatIndex seats = new SeatIndex(workspace.access());
    others.forEach(seats::put);
    seats.put(seat);
    RoutingPass.Plan plan = RoutingPass.take(workspace.policy(), memory, lanes, seats, lost, now);
    memories.put(workspace.id(), plan.memory());
    return plan;
  }

  private Future<Optional<Outcome>> assign(
      Attempt attempt, Optional<RoutingPass.Decision> decision) {
    if (decision.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Agent agent = attempt.agent();
    RoutingPass.Decision made = decision.get();
    AgentSeat seat = made.seat();
    var event =
        new ConversationEvent.Assign(
            new ConversationEvent.AgentFence(agent.id(), seat.generation(), agent.capacity()),
            made.waiting().cost(),
            Author.agent(agent.id()),
            new ConversationEvent.Explanation(
                "take", made.candidates(), made.slack().toMillis(), made.step()),
            false,
            made.waiting().bucket());
    return conversations
        .apply(attempt.workspace(), made.waiting().id(), event, attempt.operation())
        .compose(
            outcome -> {
              if (!(outcome instanceof Outcome.Refused) && !(outcome instanceof Outcome.NotFound)) {
                return Future.succeededFuture(Optional.of(outcome));
              }
              Attempt next = attempt.after(made.waiting().id(), outcome);
              return next.losses() >= MOST_LOSSES ? Future.failedFuture(outrun()) : take(next);
            });
  }
}
