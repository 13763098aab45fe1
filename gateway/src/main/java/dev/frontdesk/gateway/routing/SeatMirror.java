// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one workspace as last read: those named by a wake-up are read again before the next
 * decision, all of them each {@link #FULL_PASSES} idle passes. What did not change costs nothing.
 * It only saves work: commits guard presence and room. Used from one context.
 */
final class SeatMirror {

  /** Idle passes (1 s each) after which everyone is read again: a lost hint costs this much. */
  private static final int FULL_PASSES = 5;

  private final Store store;
  private final ToIntFunction<Agent.Id> offering;
  private final Map<Agent.Id, AgentRow> rows = new HashMap<>();
  private final Set<Agent.Id> changed = new HashSet<>();

  /** Ends of leases of those in the index; one that was renewed since is passed over. */
  private final PriorityQueue<LeaseEnd> ends =
      new PriorityQueue<>(Comparator.comparing(LeaseEnd::until));

  private SeatIndex seats = new SeatIndex();
  private @Nullable Map<Agent.Id, Agent> agents;
  private int passesToFull;

  /**
   * A mirror of nobody yet.
   *
   * @param offering cost of what is on its way to an agent: not yet in its row
   */
  SeatMirror(Store store, ToIntFunction<Agent.Id> offering) {
    this.store = store;
    this.offering = offering;
  }

  private record LeaseEnd(Instant until, Agent.Id agent) {}

  /** Everyone is read again before the next decision. */
  void changedAll() {
    passesToFull = 0;
  }

  /** This agent is read again before the next decision. */
  void changed(Agent.Id agent) {
    changed.add(agent);
  }

  /** Nothing happened for a second. */
  void idle() {
    passesToFull--;
  }

  /** Reads what changed. What is told while reading is read next time. */
  Future<Void> refresh(Workspace workspace) {
    configured(workspace.agents());
    boolean full = passesToFull <= 0;
    Set<Agent.Id> reading = new HashSet<>(full ? workspace.agents().keySet() : changed);
    reading.retainAll(workspace.agents().keySet());
    changed.clear();
    passesToFull = full ? FULL_PASSES : passesToFull;
    List<Future<Void>> reads = new ArrayList<>(reading.size());
    reading.forEach(
        agent ->
            reads.add(
                store
                    .hashAll(workspace.keys().agent(agent))
                    .map(AgentRow::of)
                    .onSuccess(row -> read(workspace.agents(), agent, row))
                    .mapEmpty()));
    return Future.all(reads).<Void>mapEmpty().onFailure(e -> changedAll());
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
    return seats;
  }

  /** After a reload people may have other skills, or be gone. */
  private void configured(Map<Agent.Id, Agent> current) {
    if (current != agents) {
      agents = current;
      seats = new SeatIndex();
      ends.clear();
      rows.clear();
      changedAll();
    }
  }

  private void read(Map<Agent.Id, Agent> of, Agent.Id id, AgentRow row) {
    Agent agent = of.get(id);
    if (of != agents || agent == null) {
      return;
    }
    AgentRow before = rows.put(id, row);
    if (!row.lease().takesOffers(store.clock().now())) {
      seats.remove(id);
      return;
    }
    if (before == null || !before.lease().equals(row.lease())) {
      ends.add(new LeaseEnd(row.lease().until(), id));
    }
    int load = row.load() + offering.applyAsInt(id);
    seats.put(new AgentSeat(agent, row.lease().generation(), load, row.idleSince()));
  }
}
