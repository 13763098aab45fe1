// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.redis.Copies;
import dev.frontdesk.gateway.store.redis.EmbeddedFiles;
import dev.frontdesk.gateway.store.redis.EmbeddedRedis;
import dev.frontdesk.gateway.store.redis.FsyncWatch;
import dev.frontdesk.gateway.store.redis.RedisAddress;
import dev.frontdesk.gateway.store.redis.RedisConnection;
import dev.frontdesk.gateway.store.redis.RedisStore;
import dev.frontdesk.gateway.store.redis.StoreSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store of one gateway with what was opened for it: embedded server, connection. */
record StoreRoom(
    @Nullable EmbeddedRedis embedded,
    RedisConnection connection,
    RedisStore store,
    @Nullable FsyncWatch fsync) {

  private static final Logger LOG = LoggerFactory.getLogger(StoreRoom.class);

  /** The same after a restore, which ends by what is done next. */
  static Future<StoreRoom> openUnfinished(Vertx vertx, FrontdeskConfig config) {
    return embedded(vertx, config, StoreAlarms.NONE, nanos -> {});
  }

  /** Starts the embedded server unless {@code redis.url} names one, connects, opens workspaces. */
  static Future<StoreRoom> open(
      Vertx vertx, FrontdeskConfig config, StoreAlarms alarms, LongConsumer latencyNanos) {
    Path dataDir = Path.of(config.dataDir());
    if (!config.redis().url().isEmbedded()) {
      return connect(
              vertx,
              config,
              null,
              RedisAddress.of(config.redis().url(), config.redis().caFile()),
              dataDir,
              alarms,
              latencyNanos)
          .recover(
              failure ->
                  Future.failedFuture(
                      new IllegalStateException("redis.url: " + failure.getMessage(), failure)));
    }
    if (EmbeddedFiles.isUnfinished(dataDir)) {
      return Future.failedFuture(
          new IllegalStateException(
              "dataDir "
                  + dataDir
                  + " holds a restore that did not end: run frontdesk restore again"));
    }
    return embedded(vertx, config, alarms, latencyNanos);
  }

  private static Future<StoreRoom> embedded(
      Vertx vertx, FrontdeskConfig config, StoreAlarms alarms, LongConsumer latencyNanos) {
    Path dataDir = Path.of(config.dataDir());
    return EmbeddedRedis.start(vertx, dataDir, config.redis().embedded(), alarms)
        .compose(
            embedded ->
                connect(vertx, config, embedded, embedded.address(), dataDir, alarms, latencyNanos)
                    .recover(
                        failure ->
                            embedded.close().transform(done -> Future.failedFuture(failure))));
  }

  private static Future<StoreRoom> connect(
      Vertx vertx,
      FrontdeskConfig config,
      @Nullable EmbeddedRedis embedded,
      RedisAddress address,
      Path dataDir,
      StoreAlarms alarms,
      LongConsumer latencyNanos) {
    return RedisConnection.open(
            vertx,
            address,
            config.redis().timeout(),
            config.redis().requestQueue(),
            new Copies(config.redis().waitReplicas(), config.redis().waitTimeout()),
            latencyNanos)
        .compose(
            connection ->
                RedisStore.open(vertx, connection, dataDir, alarms)
                    .map(store -> new StoreRoom(embedded, connection, store, null))
                    .compose(StoreRoom::stated)
                    .compose(room -> room.openAll(config.workspaces().keySet()))
                    .recover(
                        failure ->
                            connection.close().transform(done -> Future.failedFuture(failure))));
  }

  /** Says what an acknowledged message survives; fails when the server evicts what it stores. */
  private Future<StoreRoom> stated() {
    return StoreSettings.readAll(connection)
        .map(
            masters -> {
              LOG.atInfo().log(StoreSettings.statement(masters));
              return this;
            });
  }

  private Future<StoreRoom> openAll(Iterable<String> workspaces) {
    List<Future<Boolean>> each = new ArrayList<>();
    workspaces.forEach(id -> each.add(store.open(id)));
    return each.isEmpty() ? Future.succeededFuture(this) : Future.all(each).map(this);
  }

  /** The same, telling each second's longest fsync where the server lets itself be asked. */
  StoreRoom watching(Vertx vertx, Consumer<Duration> fsyncs) {
    return new StoreRoom(
        embedded,
        connection,
        store,
        FsyncWatch.start(vertx, connection, store.clockOfFirst(), fsyncs));
  }

  /** What the gateway needs of it. */
  Gateway.Ground ground() {
    return new Gateway.Ground(store, store::isQuarantined, store::trouble, this::close);
  }

  /** Closes in reverse order; the embedded server last. */
  Future<Void> close() {
    if (fsync != null) {
      fsync.stop();
    }
    store.close();
    return connection
        .close()
        .compose(v -> embedded == null ? Future.succeededFuture() : embedded.close());
  }
}
