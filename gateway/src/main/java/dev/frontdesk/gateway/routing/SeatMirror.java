// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.config.WarmUp;
import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.Access;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.domain.routing.Warming;
import dev.frontdesk.gateway.store.InTurn;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one workspace as last read: those named by a wake-up are read again before the next
 * decision, all of them each {@link #ALL_EACH}. What did not change costs nothing. It only saves
 * work: commits guard presence and room. Used from one context.
 */
final class SeatMirror {

  /** After so long everyone is read again, however busy it is: a lost hint costs this much. */
  private static final Duration ALL_EACH = Duration.ofSeconds(5);

  /** Reads under way: a few milliseconds of an event loop, and nobody else's room in the store. */
  private static final int AT_ONCE = 256;

  private final Store store;
  private final ToIntFunction<Agent.Id> offering;
  private final ToIntFunction<Agent.Id> offers;
  private final Map<Agent.Id, AgentRow> rows = new HashMap<>();

  /** How many conversations those hold who warm up. */
  private final Map<Agent.Id, Integer> held = new HashMap<>();

  private final Set<Agent.Id> changed = new HashSet<>();

  /** Ends of leases of those in the index; one that was renewed since is passed over. */
  private final PriorityQueue<LeaseEnd> ends =
      new PriorityQueue<>(Comparator.comparing(LeaseEnd::until));

  /** When those who warm up may hold one more. */
  private final PriorityQueue<LeaseEnd> steps =
      new PriorityQueue<>(Comparator.comparing(LeaseEnd::until));

  private final Set<Agent.Id> stepping = new HashSet<>();

  private SeatIndex seats = new SeatIndex();
  private Access access = Access.OPEN;
  private @Nullable Duration warmUp;
  private @Nullable Map<Agent.Id, Agent> agents;
  private Instant readAllAt = Instant.MIN;

  /**
   * A mirror of nobody yet.
   *
   * @param offering cost of what is on its way to an agent: not yet in its row
   * @param offers how many are on their way to an agent
   */
  SeatMirror(Store store, ToIntFunction<Agent.Id> offering, ToIntFunction<Agent.Id> offers) {
    this.store = store;
    this.offering = offering;
    this.offers = offers;
  }

  private record LeaseEnd(Instant until, Agent.Id agent) {}

  /** Everyone is read again before the next decision. */
  void changedAll() {
    readAllAt = Instant.MIN;
  }

  /** This agent is read again before the next decision. */
  void changed(Agent.Id agent) {
    changed.add(agent);
  }

  /** Reads what changed. What is told while reading is read next time. */
  Future<Void> refresh(Workspace workspace) {
    configured(workspace);
    Instant now = store.clock(workspace.id()).now();
    boolean full = !now.isBefore(readAllAt);
    Set<Agent.Id> reading = new LinkedHashSet<>(full ? workspace.agents().keySet() : changed);
    reading.retainAll(workspace.agents().keySet());
    changed.clear();
    readAllAt = full ? now.plus(ALL_EACH) : readAllAt;
    return InTurn.all(
            List.copyOf(reading),
            AT_ONCE,
            agent ->
                store
                    .hashAll(workspace.keys().agent(agent))
                    .map(AgentRow::of)
                    .compose(row -> holding(workspace, agent, row))
                    .onSuccess(row -> read(workspace, workspace.agents(), agent, row)))
        .<Void>mapEmpty()
        .onFailure(e -> changedAll());
  }

  /**
   * Agents who take offers now, with what is being offered to them; decisions charge them there.
   */
  SeatIndex seats(Instant now) {
    while (!ends.isEmpty() && !ends.peek().until().isAfter(now)) {
      Agent.Id agent = ends.remove().agent();
      AgentRow row = rows.get(agent);
      if (row == null || !row.lease().takesOffers(now)) {
        seats.remove(agent);
      }
    }
    while (!steps.isEmpty() && !steps.peek().until().isAfter(now)) {
      Agent.Id agent = steps.remove().agent();
      stepping.remove(agent);
      AgentRow row = rows.get(agent);
      if (row != null && row.lease().takesOffers(now) && agents != null) {
        seat(agents.get(agent), row, now);
      }
    }
    return seats;
  }

  /** When somebody who warms up may hold one more, or null. */
  @Nullable Instant moreAt() {
    LeaseEnd next = steps.peek();
    return next == null ? null : next.until();
  }

  /** Reads how many conversations an agent holds who warms up; nothing is read for others. */
  private Future<AgentRow> holding(Workspace workspace, Agent.Id agent, AgentRow row) {
    if (warming(row) == null) {
      return Future.succeededFuture(row);
    }
    return store
        .hashAll(workspace.keys().agentLoad(agent))
        .map(
            costs -> {
              held.put(agent, costs.size());
              return row;
            });
  }

  private @Nullable Warming warming(AgentRow row) {
    return warmUp == null || row.signedIn() == null ? null : new Warming(row.signedIn(), warmUp);
  }

  /** After a reload people may have other skills, or be gone. */
  private void configured(Workspace workspace) {
    WarmUp configured = workspace.config().routing().warmUp();
    warmUp = configured == null ? null : configured.every();
    if (workspace.agents() != agents || !workspace.access().equals(access)) {
      agents = workspace.agents();
      access = workspace.access();
      seats = new SeatIndex(access);
      ends.clear();
      steps.clear();
      stepping.clear();
      held.clear();
      rows.clear();
      changedAll();
    }
  }

  private void read(Workspace workspace, Map<Agent.Id, Agent> of, Agent.Id id, AgentRow row) {
    Agent agent = of.get(id);
    if (of != agents || agent == null) {
      return;
    }
    AgentRow before = rows.put(id, row);
    Instant now = store.clock(workspace.id()).now();
    if (!row.lease().takesOffers(now)) {
      seats.remove(id);
      return;
    }
    if (before == null || !before.lease().equals(row.lease())) {
      ends.add(new LeaseEnd(row.lease().until(), id));
    }
    seat(agent, row, now);
  }

  private void seat(@Nullable Agent agent, AgentRow row, Instant now) {
    if (agent == null) {
      return;
    }
    Agent.Id id = agent.id();
    int load = row.load() + offering.applyAsInt(id);
    Warming warming = warming(row);
    int more = AgentSeat.ANY;
    if (warming != null) {
      more = warming.more(held.getOrDefault(id, 0) + offers.applyAsInt(id), agent.capacity(), now);
      Instant next = warming.moreAt(agent.capacity(), now);
      if (next != null && stepping.add(id)) {
        steps.add(new LeaseEnd(next, id));
      }
    }
    seats.put(new AgentSeat(agent, row.lease().generation(), load, row.idleSince(), more));
  }
}
