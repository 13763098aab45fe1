// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import dev.frontdesk.gateway.edge.WaitingClients;
import dev.frontdesk.gateway.problem.GatewayException;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets of one kind that are open on this node. Those of bots keep the bound of {@code
 * server.limits.waitingClients} together with the long-polls, those of visitors one of their own
 * ({@code waitingVisitors}): who needs no token must not lock out who has one. Thread-safe.
 */
public final class OpenLines {

  private final WaitingClients waiting;
  private final Map<Line, String> workspaces = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /** {@code waiting}: counts what is open per workspace. */
  public OpenLines(WaitingClients waiting) {
    this.waiting = waiting;
  }

  /** Counts one in that is about to be opened; fails with UNAVAILABLE when it does not fit. */
  public void enter(String workspace) {
    if (draining) {
      throw new GatewayException(
          GatewayException.Kind.UNAVAILABLE, "draining", "this node takes no more sockets");
    }
    waiting.enter(workspace);
  }

  /** One that was counted in did not open after all. */
  public void giveUp(String workspace) {
    waiting.leave(workspace);
  }

  /** Keeps an open line until {@link #remove}; one that comes while draining is closed at once. */
  public void add(String workspace, Line line) {
    workspaces.put(line, workspace);
    if (draining) {
      line.close(CloseCode.GOING_AWAY).onFailure(lost -> {});
    }
  }

  /** A line ended. */
  public void remove(Line line) {
    String workspace = workspaces.remove(line);
    if (workspace != null) {
      waiting.leave(workspace);
    }
  }

  /** How many are open. */
  public int count() {
    return workspaces.size();
  }

  /** Takes no more and closes all with 1001; ends when all are closed. */
  public Future<Void> drain() {
    draining = true;
    return Future.join(
            workspaces.keySet().stream().map(line -> line.close(CloseCode.GOING_AWAY)).toList())
        .mapEmpty();
  }
}
