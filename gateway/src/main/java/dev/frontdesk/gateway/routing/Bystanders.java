// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who takes offers while somebody else takes from the queue: what is kept for them is not taken.
 * They have no room here. Read at most once a second per workspace. Thread-safe.
 */
final class Bystanders {

  /** As old as what the router may see when it missed a wake-up. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Store store;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  Bystanders(Store store) {
    this.store = store;
  }

  private record Seen(Instant at, Map<Agent.Id, Agent> of, List<AgentSeat> seats) {}

  Future<List<AgentSeat>> of(Workspace workspace) {
    Instant now = store.clock(workspace.id()).now();
    Seen last = seen.get(workspace.id());
    if (last != null && last.of() == workspace.agents() && now.isBefore(last.at().plus(FRESH))) {
      return Future.succeededFuture(last.seats());
    }
    List<Future<Optional<AgentSeat>>> reads = new ArrayList<>(workspace.agents().size());
    workspace
        .agents()
        .values()
        .forEach(
            agent ->
                reads.add(
                    store
                        .hashAll(workspace.keys().agent(agent.id()))
                        .map(hash -> seat(agent, AgentRow.of(hash), now))));
    return Future.all(reads)
        .map(
            done -> {
              List<AgentSeat> seats =
                  reads.stream()
                      .map(read -> Objects.requireNonNull(read.result()))
                      .flatMap(Optional::stream)
                      .toList();
              seen.put(workspace.id(), new Seen(now, workspace.agents(), seats));
              return seats;
            });
  }

  private static Optional<AgentSeat> seat(Agent agent, AgentRow row, Instant now) {
    return row.lease().takesOffers(now)
        ? Optional.of(
            new AgentSeat(agent, row.lease().generation(), row.load(), row.idleSince(), 0))
        : Optional.empty();
  }
}
