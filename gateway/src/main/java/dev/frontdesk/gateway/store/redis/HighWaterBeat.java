// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the marks of {@link HighWater} rise: one commit per open workspace and beat. */
final class HighWaterBeat {

  private static final Logger LOG = LoggerFactory.getLogger(HighWaterBeat.class);

  private final Vertx vertx;
  private final Store store;
  private final StoreEpochs epochs;
  private final Set<String> workspaces = ConcurrentHashMap.newKeySet();
  private final long timer;

  HighWaterBeat(Vertx vertx, Store store, StoreEpochs epochs, Duration beat) {
    this.vertx = vertx;
    this.store = store;
    this.epochs = epochs;
    this.timer = vertx.setPeriodic(beat.toMillis(), due -> beat());
  }

  /** From now on this workspace's mark rises. */
  void follow(String workspace) {
    workspaces.add(workspace);
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void beat() {
    List<Future<Boolean>> each = workspaces.stream().map(this::mark).toList();
    Future.join(each)
        .onComplete(
            done -> {
              if (each.stream().anyMatch(one -> one.succeeded() && one.result())) {
                epochs.saveHighWater();
              }
            });
  }

  private Future<Boolean> mark(String workspace) {
    StoreEpochs.Epoch epoch = epochs.known(workspace);
    if (epoch == null || epoch.quarantined()) {
      return Future.succeededFuture(false);
    }
    HighWater seen = epochs.highWater();
    long mark = seen.next(workspace, epoch.value(), store.clock(workspace).now().toEpochMilli());
    Key key = new RedisKeys(workspace).highWater();
    return store
        .commit(
            Commit.of(workspace, store.clock(workspace).now(), Commit.Urgency.RELEASING)
                // behind a proxy a server may be another one although no connection broke
                .guard(new Guard.AtLeast(key, null, seen.lowest(workspace, epoch.value())))
                .write(new Write.Set(key, Long.toString(mark), 0))
                .build())
        .compose(
            result -> {
              if (result instanceof CommitResult.Conflict) {
                return epochs.look(workspace).map(false);
              }
              boolean done = result instanceof CommitResult.Done;
              // an epoch that changed meanwhile began anew
              if (done && epoch.value().equals(store.epoch(workspace))) {
                seen.stored(workspace, epoch.value(), mark);
              }
              return Future.succeededFuture(done);
            })
        .onFailure(
            failure ->
                LOG.atDebug()
                    .addKeyValue(LogKeys.WORKSPACE, workspace)
                    .addKeyValue(LogKeys.REASON, failure.toString())
                    .log("mark not written"));
  }
}
