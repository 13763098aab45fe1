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
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
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
 * known     equal                in force, unless its mark is of long ago ({@link HighWater}): then
 *                                it is an older copy, QUARANTINE until adopted
 * known     higher number        remembered: an operator adopted it through another node
 * known     absent or any other  QUARANTINE until adopted
 * </pre>
 */
final class StoreEpochs {

  private static final Logger LOG = LoggerFactory.getLogger(StoreEpochs.class);
  private static final long RECHECK_NANOS = Duration.ofSeconds(1).toNanos();

  /**
   * What is known of one workspace's store.
   *
   * @param breaks of the connection before it was looked at: past them it must be looked at again
   */
  record Epoch(String value, boolean quarantined, long checkedNanos, long breaks) {}

  private final WorkerExecutor writer;
  private final RedisConnection connection;
  private final EpochFile file;
  private final HighWater seen;
  private final StoreAlarms alarms;
  private final Map<String, Epoch> epochs = new ConcurrentHashMap<>();

  private StoreEpochs(
      WorkerExecutor writer,
      RedisConnection connection,
      EpochFile file,
      HighWater seen,
      StoreAlarms alarms) {
    this.seen = seen;
    this.writer = writer;
    this.connection = connection;
    this.file = file;
    this.alarms = alarms;
  }

  static Future<StoreEpochs> open(
      Vertx vertx,
      RedisConnection connection,
      Path dataDir,
      Duration lossBound,
      Duration beat,
      StoreAlarms alarms) {
    // one thread, because the file has one writer; not an event loop, because it waits for the disk
    WorkerExecutor writer = vertx.createSharedWorkerExecutor("frontdesk-epoch-" + dataDir, 1);
    return writer.executeBlocking(
        () ->
            new StoreEpochs(
                writer,
                connection,
                EpochFile.read(dataDir),
                HighWater.read(dataDir, lossBound, beat),
                alarms));
  }

  Future<Void> close() {
    return writer.close();
  }

  /** What is known now, or null when the workspace was not looked at yet. */
  @Nullable Epoch known(String workspace) {
    return epochs.get(workspace);
  }

  /**
   * The same, null too when a connection broke since: behind the next one may stand an older copy
   * with the same epoch, and a commit must not be the first to find out.
   */
  @Nullable Epoch trusted(String workspace) {
    Epoch epoch = epochs.get(workspace);
    return epoch == null || epoch.breaks() != connection.breaks() ? null : epoch;
  }

  HighWater highWater() {
    return seen;
  }

  /** Keeps what was seen for the next start. */
  void saveHighWater() {
    writer
        .executeBlocking(
            () -> {
              seen.save();
              return null;
            })
        .onFailure(
            failure ->
                LOG.atDebug()
                    .addKeyValue(LogKeys.REASON, failure.toString())
                    .log("marks not kept"));
  }

  /** Whether a quarantine was last looked at so long ago that it should be again. */
  boolean isOld(Epoch epoch) {
    return System.nanoTime() - epoch.checkedNanos() > RECHECK_NANOS;
  }

  /** Looks at the store and decides by the table above. */
  Future<Epoch> look(String workspace) {
    Key key = key(workspace);
    long breaks = connection.breaks();
    return connection
        .<@Nullable String>ask(key, redis -> redis.get(key.name()))
        .compose(
            found -> found == null ? createUnlessKnown(workspace) : Future.succeededFuture(found))
        .compose(
            found ->
                connection
                    .<@Nullable String>ask(
                        markKey(workspace), redis -> redis.get(markKey(workspace).name()))
                    .compose(
                        mark ->
                            found != null && seen.isOlder(workspace, found, mark)
                                ? Future.succeededFuture(older(workspace, found, mark, breaks))
                                : decide(workspace, found, breaks)));
  }

  /** Puts the epoch that is found in force here, for now; false when there is none. */
  Future<Boolean> takeAsFound(String workspace) {
    long breaks = connection.breaks();
    return connection
        .<@Nullable String>ask(key(workspace), redis -> redis.get(key(workspace).name()))
        .map(
            found -> {
              if (found != null) {
                epochs.put(workspace, new Epoch(found, false, System.nanoTime(), breaks));
              }
              return found != null;
            });
  }

  /** Takes the store as it is for ours: the operator's answer to a quarantine. */
  Future<Epoch> adopt(String workspace) {
    Key key = key(workspace);
    long breaks = connection.breaks();
    return connection
        .<@Nullable String>ask(key, redis -> redis.get(key.name()))
        .compose(
            found -> {
              long highest =
                  Math.max(EpochFile.numberOf(found), EpochFile.numberOf(file.known(workspace)));
              String next = EpochFile.create(highest + 1);
              return connection.ask(key, redis -> redis.set(key.name(), next)).map(ok -> next);
            })
        .compose(next -> decide(workspace, next, breaks));
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

  private Future<Epoch> decide(String workspace, @Nullable String found, long breaks) {
    String known = file.known(workspace);
    if (found != null && (known == null || found.equals(known) || isNewer(found, known))) {
      return writer
          .executeBlocking(
              () -> {
                file.remember(workspace, found);
                return found;
              })
          .map(epoch -> inForce(workspace, epoch, breaks));
    }
    String value = known == null ? "" : known;
    if (quarantined(workspace, value, breaks)) {
      LOG.atError()
          .addKeyValue(LogKeys.WORKSPACE, workspace)
          .addKeyValue("known", value)
          .addKeyValue("found", found == null ? "none" : found)
          .log(
              "QUARANTINE: this is not the store this gateway knows; nothing is accepted or sent"
                  + " until an operator runs: frontdesk adopt");
      alarms.quarantined(workspace, value, found);
    }
    return Future.succeededFuture(Objects.requireNonNull(epochs.get(workspace)));
  }

  private static boolean isNewer(String found, String known) {
    return EpochFile.numberOf(found) > EpochFile.numberOf(known);
  }

  private Epoch inForce(String workspace, String value, long breaks) {
    Epoch epoch = new Epoch(value, false, System.nanoTime(), breaks);
    Epoch before = epochs.put(workspace, epoch);
    if (before != null && before.quarantined()) {
      LOG.atWarn().addKeyValue(LogKeys.WORKSPACE, workspace).log("Store adopted, work goes on");
      alarms.adopted(workspace);
    }
    return epoch;
  }

  private Epoch older(String workspace, String value, @Nullable String mark, long breaks) {
    if (quarantined(workspace, value, breaks)) {
      LOG.atError()
          .addKeyValue(LogKeys.WORKSPACE, workspace)
          .addKeyValue("knownUpTo", Instant.ofEpochMilli(seen.known(workspace, value)))
          .addKeyValue("foundUpTo", mark == null ? "unknown" : HighWater.instant(mark))
          .log(
              "QUARANTINE: this is an older copy of the store this gateway knows; nothing is"
                  + " accepted or sent until an operator runs: frontdesk adopt");
      alarms.quarantined(workspace, value, value);
    }
    return Objects.requireNonNull(epochs.get(workspace));
  }

  /** Puts a workspace in quarantine, or leaves it there; whether it was not before. */
  private boolean quarantined(String workspace, String known, long breaks) {
    Epoch before = epochs.put(workspace, new Epoch(known, true, System.nanoTime(), breaks));
    return before == null || !before.quarantined();
  }

  private static Key markKey(String workspace) {
    return new RedisKeys(workspace).highWater();
  }

  private static Key key(String workspace) {
    return new RedisKeys(workspace).epoch();
  }
}
