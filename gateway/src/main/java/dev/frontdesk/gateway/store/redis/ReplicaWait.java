// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks one connection's server whether enough replicas have what that connection wrote (WAIT), one
 * question at a time: what was answered while a question was under way shares the next one. So a
 * connection is held for one round trip to a replica and not for one per write. Thread-safe.
 *
 * <p>WAIT counts what was written on its own connection only
 * (https://redis.io/docs/latest/commands/wait/), and holds whatever comes behind it there.
 */
final class ReplicaWait {

  private final RedisClusterAsyncCommands<String, String> commands;
  private final Copies copies;
  private final Queue<CompletableFuture<@Nullable Void>> asked = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean underWay = new AtomicBoolean();

  ReplicaWait(RedisClusterAsyncCommands<String, String> commands, Copies copies) {
    this.commands = commands;
    this.copies = copies;
  }

  /**
   * Completes when enough replicas have every write that this connection was answered before now;
   * fails with {@link StoreUnavailableException}, outcome unknown, when they have not in time.
   */
  CompletableFuture<@Nullable Void> confirmed() {
    CompletableFuture<@Nullable Void> one = new CompletableFuture<>();
    asked.add(one);
    ask();
    return one;
  }

  private void ask() {
    if (asked.isEmpty() || !underWay.compareAndSet(false, true)) {
      return;
    }
    List<CompletableFuture<@Nullable Void>> together = new ArrayList<>();
    for (CompletableFuture<@Nullable Void> one = asked.poll(); one != null; one = asked.poll()) {
      together.add(one);
    }
    var unused =
        commands
            .waitForReplication(copies.replicas(), copies.within().toMillis())
            .whenComplete((have, cause) -> answered(together, have, cause));
  }

  private void answered(
      List<CompletableFuture<@Nullable Void>> together,
      @Nullable Long have,
      @Nullable Throwable cause) {
    underWay.set(false);
    StoreUnavailableException failure =
        have != null && have >= copies.replicas() ? null : notEnough(have, cause);
    for (CompletableFuture<@Nullable Void> one : together) {
      if (failure == null) {
        one.complete(null);
      } else {
        one.completeExceptionally(failure);
      }
    }
    ask();
  }

  private StoreUnavailableException notEnough(@Nullable Long have, @Nullable Throwable cause) {
    return new StoreUnavailableException(
        "store: "
            + (have == null ? "it is not known how many" : Long.toString(have))
            + " of "
            + copies.replicas()
            + " replicas have the write",
        true,
        cause);
  }
}
