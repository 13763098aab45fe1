// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The agents of one workspace as last read: those named by a wake-up are read again before the next
 * decision, all of them each {@link #FULL_PASSES} idle passes. It only saves work: commits guard
 * presence and room. Used from one context.
 */
final class SeatMirror {

  /** Idle passes (1 s each) after which everyone is read again: a lost hint costs this much. */
  private static final int FULL_PASSES = 5;

  private final Store store;
  private final Map<Agent.Id, AgentRow> rows = new HashMap<>();
  private final Set<Agent.Id> changed = new HashSet<>();
  private int passesToFull;

  SeatMirror(Store store) {
    this.store = store;
  }

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
    boolean full = passesToFull <= 0;
    Set<Agent.Id> reading = new HashSet<>(full ? workspace.agents().keySet() : changed);
    reading.retainAll(workspace.agents().keySet());
    rows.keySet().retainAll(workspace.agents().keySet());
    changed.clear();
    passesToFull = full ? FULL_PASSES : passesToFull;
    List<Future<Void>> reads = new ArrayList<>(reading.size());
    reading.forEach(
        agent ->
            reads.add(
                store
                    .hashAll(workspace.keys().agent(agent))
                    .map(AgentRow::of)
                    .onSuccess(row -> rows.put(agent, row))
                    .mapEmpty()));
    return Future.all(reads).<Void>mapEmpty().onFailure(e -> changedAll());
  }

  /** Agents who take offers now and have room beside what is being offered to them. */
  List<AgentSeat> free(Workspace workspace, Map<Agent.Id, Integer> offering, Instant now) {
    List<AgentSeat> seats = new ArrayList<>();
    rows.forEach(
        (id, row) -> {
          Agent agent = workspace.agents().get(id);
          if (agent != null && row.lease().takesOffers(now)) {
            int load = row.load() + offering.getOrDefault(id, 0);
            AgentSeat seat = new AgentSeat(agent, row.lease().generation(), load, row.idleSince());
            if (seat.hasRoomFor(1)) {
              seats.add(seat);
            }
          }
        });
    return seats;
  }
}
