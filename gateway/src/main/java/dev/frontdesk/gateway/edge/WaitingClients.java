// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.GatewayException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what is open or under way per workspace and refuses what exceeds the bound: long-polls and
 * sockets ({@code waitingClients}, {@code waitingVisitors}), webhooks being stored ({@code
 * inFlightWebhooks}). Thread-safe.
 */
public final class WaitingClients {

  private final int bound;
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  /** {@code bound}: how many per workspace. */
  public WaitingClients(int bound) {
    this.bound = bound;
  }

  /** Counts one in, or fails with UNAVAILABLE; whoever came in has to {@link #leave}. */
  public void enter(String workspace) {
    AtomicInteger count = counts.computeIfAbsent(workspace, w -> new AtomicInteger());
    if (count.incrementAndGet() > bound) {
      count.decrementAndGet();
      throw new GatewayException(
          GatewayException.Kind.UNAVAILABLE,
          "overloaded",
          "this workspace has " + bound + " of these under way; try again");
    }
  }

  /** Counts one out. */
  public void leave(String workspace) {
    AtomicInteger count = counts.get(workspace);
    if (count != null) {
      count.decrementAndGet();
    }
  }

  /** How many are in. */
  public int size(String workspace) {
    AtomicInteger count = counts.get(workspace);
    return count == null ? 0 : count.get();
  }
}
