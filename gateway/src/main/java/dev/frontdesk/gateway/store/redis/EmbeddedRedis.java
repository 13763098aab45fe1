// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.store.StoreAlarms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis of our own: started on a unix socket in {@code dataDir}, restarted when it dies,
 * stopped with the gateway. Everything that waits for a process or a disk runs on one worker
 * thread.
 */
public final class EmbeddedRedis {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final long DISK_MILLIS = 5_000;
  private static final long CHILDREN_MILLIS = 500;

  private final Vertx vertx;
  private final WorkerExecutor worker;
  private final DataFolder folder;
  private final RedisBinary binary;
  private final long minFreeDisk;
  private final StoreAlarms alarms;
  private final RestartPause pause = new RestartPause();
  private final BackgroundPriority children = new BackgroundPriority();
  private volatile ServerProcess server;
  private final long diskTimer;
  private final long childrenTimer;
  private volatile boolean closing;
  private volatile boolean diskLow;

  private EmbeddedRedis(
      Vertx vertx,
      WorkerExecutor worker,
      DataFolder folder,
      RedisBinary binary,
      long minFreeDisk,
      StoreAlarms alarms,
      ServerProcess server) {
    this.vertx = vertx;
    this.worker = worker;
    this.folder = folder;
    this.binary = binary;
    this.minFreeDisk = minFreeDisk;
    this.alarms = alarms;
    this.server = server;
    this.diskTimer =
        vertx.setPeriodic(DISK_MILLIS, timer -> onWorker(this::lookAtDisk, "Disk not looked at"));
    this.childrenTimer =
        vertx.setPeriodic(
            CHILDREN_MILLIS,
            timer -> onWorker(() -> children.look(pid()), "Children of Redis not looked at"));
    watch(server);
  }

  /**
   * Starts the server; fails with {@link EmbeddedRedisException} whose message is one line.
   *
   * @param alarms told when free disk falls below {@code minFreeDisk} and when it is enough again
   */
  public static Future<EmbeddedRedis> start(
      Vertx vertx, Path dataDir, FrontdeskConfig.Embedded config, StoreAlarms alarms) {
    WorkerExecutor worker =
        vertx.createSharedWorkerExecutor("frontdesk-redis-" + dataDir, 1, 2, TimeUnit.MINUTES);
    return worker
        .executeBlocking(
            () -> {
              EmbeddedRedis started = start(vertx, worker, dataDir, config, alarms);
              started.lookAtDisk();
              return started;
            })
        .onFailure(cause -> worker.close());
  }

  private static EmbeddedRedis start(
      Vertx vertx,
      WorkerExecutor worker,
      Path dataDir,
      FrontdeskConfig.Embedded config,
      StoreAlarms alarms) {
    long maxMemory = Bytes.parse("redis.embedded.maxMemory", config.maxMemory());
    long minFreeDisk = Bytes.parse("redis.embedded.minFreeDisk", config.minFreeDisk());
    DataFolder folder = DataFolder.take(dataDir);
    try {
      if (ServerProcess.stopLeftBehind(folder)) {
        LOG.atWarn().log("Stopped a redis-server that an earlier gateway left behind");
      }
      RedisBinary binary =
          RedisBinary.choose(config.binary(), folder.binaries(), System.getenv("PATH"));
      folder.writtenBy(binary);
      folder.configure(config, maxMemory);
      ServerProcess server = ServerProcess.start(binary, folder);
      LOG.atInfo()
          .addKeyValue("version", binary.version())
          .addKeyValue("maxMemory", Bytes.show(maxMemory))
          .log(
              "Embedded Redis started; past maxMemory new customer messages are refused, work that"
                  + " frees memory goes on: leave half as much again for it and for rewriting the file");
      return new EmbeddedRedis(vertx, worker, folder, binary, minFreeDisk, alarms, server);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** Where it listens. */
  public RedisAddress address() {
    return RedisAddress.of(folder.socket());
  }

  /** What runs, by its own words. */
  public String version() {
    return binary.version().toString();
  }

  /** The process now; a restart makes another. */
  public long pid() {
    return server.process().pid();
  }

  /** Whether free disk is below the bound: intake must be refused. */
  public boolean isDiskLow() {
    return diskLow;
  }

  /** Stops the server and leaves the folder to the next gateway. */
  public Future<Void> close() {
    closing = true;
    vertx.cancelTimer(diskTimer);
    vertx.cancelTimer(childrenTimer);
    return worker
        .<Void>executeBlocking(
            () -> {
              server.stop();
              folder.close();
              return null;
            })
        .eventually(worker::close);
  }

  private void watch(ServerProcess watched) {
    long answering = System.nanoTime();
    Future.fromCompletionStage(watched.process().onExit())
        .onSuccess(
            ended -> {
              if (!closing) {
                LOG.atError().addKeyValue("exit", ended.exitValue()).log("redis-server died");
                restartLater(Duration.ofNanos(System.nanoTime() - answering));
              }
            });
  }

  private void restartLater(Duration healthy) {
    vertx.setTimer(
        pause.after(healthy).toMillis(),
        timer -> onWorker(this::restart, "redis-server not restarted"));
  }

  private void restart() {
    if (closing) {
      return;
    }
    try {
      ServerProcess next = ServerProcess.start(binary, folder);
      server = next;
      watch(next);
      LOG.atWarn().log("redis-server restarted");
    } catch (EmbeddedRedisException e) {
      restartLater(Duration.ZERO);
      throw e;
    }
  }

  private void lookAtDisk() {
    try {
      long free = Files.getFileStore(folder.redis()).getUsableSpace();
      boolean low = free < minFreeDisk;
      if (low != diskLow) {
        diskLow = low;
        LOG.atWarn()
            .addKeyValue("free", Bytes.show(free))
            .addKeyValue("bound", Bytes.show(minFreeDisk))
            .log(low ? "Disk is nearly full: intake is refused" : "Disk is free again");
        alarms.diskLow(low, free);
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("Free disk cannot be read");
    }
  }

  private void onWorker(Runnable task, String failure) {
    worker
        .<Void>executeBlocking(
            () -> {
              task.run();
              return null;
            })
        .onFailure(cause -> LOG.atError().setCause(cause).log(failure));
  }
}
