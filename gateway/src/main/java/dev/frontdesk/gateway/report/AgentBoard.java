// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.store.InTurn;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Who works: presence, load and what each agent answered today (UTC). */
public final class AgentBoard {

  /** Agents read at once. */
  private static final int AT_ONCE = 128;

  private final Store store;
  private final VerdictHours hours;

  public AgentBoard(Store store) {
    this.store = store;
    this.hours = new VerdictHours(store);
  }

  /**
   * One agent.
   *
   * @param presence as it counts now: offline once the lease is over
   * @param load sum of the costs of what the agent holds or is offered
   * @param open how many conversations that are
   * @param answered first responses given today
   */
  public record Row(
      Agent.Id id,
      Agent.Presence presence,
      int load,
      int capacity,
      int open,
      long answered,
      double p50Seconds,
      double p90Seconds) {}

  /** All agents of the configuration who serve a queue, by id. */
  public Future<List<Row>> read(Workspace workspace) {
    Instant now = store.clock(workspace.id()).now();
    long hour = VerdictRows.hourOf(now);
    return hours
        .sum(workspace, Dimension.AGENT, hour - Math.floorMod(hour, 24), hour + 1)
        .compose(
            today -> {
              List<Agent> agents =
                  workspace.agents().values().stream()
                      .sorted(Comparator.comparing(agent -> agent.id().value()))
                      .toList();
              return InTurn.all(agents, AT_ONCE, agent -> row(workspace, agent, today, now));
            });
  }

  private Future<Row> row(Workspace workspace, Agent agent, VerdictCounts today, Instant now) {
    Future<Map<String, String>> hash = store.hashAll(workspace.keys().agent(agent.id()));
    Future<Map<String, String>> charged = store.hashAll(workspace.keys().agentLoad(agent.id()));
    VerdictCounts.Row answers =
        today.rows().getOrDefault(agent.id().value(), new VerdictCounts.Row());
    return Future.all(hash, charged)
        .map(
            done -> {
              AgentRow row = AgentRow.of(hash.result());
              return new Row(
                  agent.id(),
                  row.lease().isLive(now) ? row.lease().presence() : Agent.Presence.OFFLINE,
                  row.load(),
                  agent.capacity(),
                  charged.result().size(),
                  answers.count("answered"),
                  answers.times().seconds(0.5),
                  answers.times().seconds(0.9));
            });
  }
}
