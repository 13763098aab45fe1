// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.lettuce.core.SetArgs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows per workspace whether the store is still the one it was.
 *
 * <pre>
 * here      in the store         then
 * unknown   absent               created in the store, remembered
 * unknown   any                  remembered: this node joins
 * known     equal                in force
 * known     higher number        remembered: an operator adopted it through another node
 * known     absent or any other  QUARANTINE until adopted
 * </pre>
 */
final class StoreEpochs {

  private static final Logger LOG = LoggerFactory.getLogger(StoreEpochs.class);
  private static final long RECHECK_NANOS = Duration.ofSeconds(1).toNanos();

  /** What is known of one workspace's store. */
  record Epoch(String value, boolean quarantined, long checkedNanos) {}

  private final WorkerExecutor writer;
  private final RedisConnection connection;
  private final EpochFile file;
  private final StoreAlarms alarms;
  private final Map<String, Epoch> epochs = new ConcurrentHashMap<>();

  private StoreEpochs(
      WorkerExecutor writer, RedisConnection connection, EpochFile file, StoreAlarms alarms) {
    this.writer = writer;
    this.connection = connection;
    this.file = file;
    this.alarms = alarms;
  }

  static Future<StoreEpochs> open(
      Vertx vertx, RedisConnection connection, Path dataDir, StoreAlarms alarms) {
    // one thread, because the file has one writer; not an event loop, because it waits for the disk
    WorkerExecutor writer = vertx.createSharedWorkerExecutor("frontdesk-epoch-" + dataDir, 1);
    return writer
        .executeBlocking(() -> EpochFile.read(dataDir))
        .map(file -> new StoreEpochs(writer, connection, file, alarms));
  }

  Future<Void> close() {
    return writer.close();
  }

  /** What is known now, or null when the workspace was not looked at yet. */
  @Nullable Epoch known(String workspace) {
    return epochs.get(workspace);
  }

  /** Whether a quarantine was last looked at so long ago that it should be again. */
  boolean isOld(Epoch epoch) {
    return System.nanoTime() - epoch.checkedNanos() > RECHECK_NANOS;
  }

  /** Looks at the store and decides by the table above. */
  Future<Epoch> look(String workspace) {
    Key key = key(workspace);
    return connection
        .<@Nullable String>ask(key, redis -> redis.get(key.name()))
        .compose(
            found -> found == null ? createUnlessKnown(workspace) : Future.succeededFuture(found))
        .compose(found -> decide(workspace, found));
  }

  /** Takes the store as it is for ours: the operator's answer to a quarantine. */
  Future<Epoch> adopt(String workspace) {
    Key key = key(workspace);
    return connection
        .<@Nullable String>ask(key, redis -> redis.get(key.name()))
        .compose(
            found -> {
              long highest =
                  Math.max(EpochFile.numberOf(found), EpochFile.numberOf(file.known(workspace)));
              String next = EpochFile.create(highest + 1);
              return connection.ask(key, redis -> redis.set(key.name(), next)).map(ok -> next);
            })
        .compose(next -> decide(workspace, next));
  }

  private Future<@Nullable String> createUnlessKnown(String workspace) {
    if (file.known(workspace) != null) {
      return Future.succeededFuture(null);
    }
    Key key = key(workspace);
    return connection
        .<@Nullable String>ask(
            key, redis -> redis.set(key.name(), EpochFile.create(1), SetArgs.Builder.nx()))
        .compose(
            mineOrNot -> connection.<@Nullable String>ask(key, redis -> redis.get(key.name())));
  }

  private Future<Epoch> decide(String workspace, @Nullable String found) {
    String known = file.known(workspace);
    if (found != null && (known == null || found.equals(known) || isNewer(found, known))) {
      return writer
          .executeBlocking(
              () -> {
                file.remember(workspace, found);
                return found;
              })
          .map(epoch -> inForce(workspace, epoch));
    }
    return Future.succeededFuture(quarantine(workspace, known == null ? "" : known, found));
  }

  private static boolean isNewer(String found, String known) {
    return EpochFile.numberOf(found) > EpochFile.numberOf(known);
  }

  private Epoch inForce(String workspace, String value) {
    Epoch epoch = new Epoch(value, false, System.nanoTime());
    Epoch before = epochs.put(workspace, epoch);
    if (before != null && before.quarantined()) {
      LOG.atWarn().addKeyValue(LogKeys.WORKSPACE, workspace).log("Store adopted, work goes on");
      alarms.adopted(workspace);
    }
    return epoch;
  }

  private Epoch quarantine(String workspace, String known, @Nullable String found) {
    Epoch epoch = new Epoch(known, true, System.nanoTime());
    Epoch before = epochs.put(workspace, epoch);
    if (before == null || !before.quarantined()) {
      LOG.atError()
          .addKeyValue(LogKeys.WORKSPACE, workspace)
          .addKeyValue("known", known)
          .addKeyValue("found", found == null ? "none" : found)
          .log(
              "QUARANTINE: this is not the store this gateway knows; nothing is accepted or sent"
                  + " until an operator runs: frontdesk adopt");
      alarms.quarantined(workspace, known, found);
    }
    return epoch;
  }

  private static Key key(String workspace) {
    return new RedisKeys(workspace).epoch();
  }
}
