// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.config.FrontdeskConfig.Limits;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of one event loop: how many there are, and how long each may take to say what it
 * wants. Vert.x only has idle time-outs, which one byte now and then resets; here each request has
 * a deadline as a whole.
 *
 * <pre>
 * opened ──▶ RECEIVING (receiveTimeout) ──▶ ANSWERING (no deadline) ──▶ IDLE (idleTimeout) ─┐
 *                ▲                                                                          │
 *                └───────────────── next request's headers ────────────────────────────────┘
 * </pre>
 *
 * <p>Used by its event loop only; the number of connections is shared by all loops.
 */
final class ConnectionGuard {

  /** Those refused for their number get this long to receive the refusal. */
  private static final Duration REFUSED = Duration.ofSeconds(2);

  private final Limits limits;
  private final AtomicInteger open;
  private final GatewayMetrics metrics;
  private final Map<HttpConnection, State> states = new HashMap<>();

  private static final class State {
    private final boolean refused;
    private long deadline;
    private boolean due;
    private boolean idle;
    private boolean distrusted;

    State(boolean refused) {
      this.refused = refused;
    }

    void within(Duration time) {
      deadline = System.nanoTime() + time.toNanos();
      due = true;
      idle = false;
    }

    void idle(Duration time) {
      within(time);
      idle = true;
    }

    void atLeisure() {
      due = false;
    }

    boolean isOver(long now) {
      return due && now - deadline > 0;
    }
  }

  /** {@code open}: the number of connections of all event loops. */
  ConnectionGuard(Limits limits, AtomicInteger open, GatewayMetrics metrics) {
    this.limits = limits;
    this.open = open;
    this.metrics = metrics;
  }

  void opened(HttpConnection connection) {
    int number = open.incrementAndGet();
    State state = new State(number > limits.connections());
    states.put(connection, state);
    connection.closeHandler(
        closed -> {
          states.remove(connection);
          open.decrementAndGet();
        });
    state.within(state.refused ? REFUSED : limits.receiveTimeout());
    if (number > limits.connections() + limits.connections() / 4 + 1) {
      close(connection, "connections");
    }
  }

  /** Its length can be read in two ways: nothing that comes after it on its connection is meant. */
  void distrust(HttpServerRequest request) {
    State state = states.get(request.connection());
    if (state != null) {
      state.distrusted = true;
    }
  }

  /** Whether what comes on its connection is what was sent as a request. */
  boolean trusts(HttpServerRequest request) {
    State state = states.get(request.connection());
    return state == null || !state.distrusted;
  }

  /** Headers are here. False when this connection is one too many. */
  boolean admits(HttpServerRequest request) {
    State state = states.get(request.connection());
    if (state == null || state.refused) {
      return state == null;
    }
    if (!state.due || state.idle) {
      state.within(limits.receiveTimeout());
    }
    return true;
  }

  /** The request was received as a whole; from here on the gateway takes its time. */
  void received(HttpServerRequest request) {
    State state = states.get(request.connection());
    if (state != null) {
      state.atLeisure();
    }
  }

  /** It was answered; the next one may come. */
  void answered(HttpServerRequest request) {
    State state = states.get(request.connection());
    if (state != null) {
      state.idle(limits.idleTimeout());
    }
  }

  /** Closes what is past its deadline; called a few times a second. */
  void sweep() {
    long now = System.nanoTime();
    List<HttpConnection> over = new ArrayList<>();
    states.forEach(
        (connection, state) -> {
          if (state.isOver(now)) {
            over.add(connection);
          }
        });
    over.forEach(connection -> close(connection, "deadline"));
  }

  private void close(HttpConnection connection, String why) {
    metrics.connectionClosed(why);
    connection.close().onFailure(lost -> metrics.connectionClosed("lost"));
  }
}
