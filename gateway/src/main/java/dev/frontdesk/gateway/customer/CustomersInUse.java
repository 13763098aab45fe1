// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.LogKeys;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a workspace has any customer of its own, so that where there is none an opening costs
 * nothing more. Told by a wake-up when the first is made; read again after {@link #FRESH} at the
 * latest. Until it is known, there may be some. Thread-safe.
 */
public final class CustomersInUse {

  /** How old the answer may be; a wake-up is nearly always faster. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** The topic of the commit that makes the first customer, or removes the last. */
  static final String TOPIC = "cu";

  private static final Logger LOG = LoggerFactory.getLogger(CustomersInUse.class);

  private final Store store;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(boolean any, long atNanos) {}

  /** {@code nanoTime}: the monotonic clock. */
  public CustomersInUse(Store store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /** Cheap: reads nothing but memory. */
  public boolean in(Workspace workspace) {
    Seen last = seen.get(workspace.id());
    if (last == null) {
      first(workspace);
      return true;
    }
    long now = nanoTime.getAsLong();
    if (now - last.atNanos() > FRESH.toNanos()) {
      seen.put(workspace.id(), new Seen(last.any(), now));
      read(workspace);
    }
    return last.any();
  }

  private void first(Workspace workspace) {
    if (seen.putIfAbsent(workspace.id(), new Seen(true, nanoTime.getAsLong())) == null) {
      // kept for the life of the node, as the workspace is
      Runnable unused =
          store.onWakeUp(
              workspace.id(),
              topics -> {
                if (topics.contains(TOPIC) || topics.contains("*")) {
                  seen.put(workspace.id(), new Seen(true, nanoTime.getAsLong()));
                  read(workspace);
                }
              });
      read(workspace);
    }
  }

  private void read(Workspace workspace) {
    store
        .hashGet(workspace.keys().gauges(), RedisKeys.CUSTOMERS)
        .onSuccess(
            count ->
                seen.put(
                    workspace.id(),
                    new Seen(count != null && Long.parseLong(count) > 0, nanoTime.getAsLong())))
        .onFailure(
            failure ->
                LOG.atDebug()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .setCause(failure)
                    .log("Customers not counted"));
  }
}
