// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.cli.ConfigReload;
import dev.frontdesk.gateway.cli.HangUp;
import dev.frontdesk.gateway.cli.ServerStarter;
import dev.frontdesk.gateway.cli.Signals;
import dev.frontdesk.gateway.rehearsal.Rehearsal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code frontdesk run}: a gateway from start to SIGTERM, with SIGHUP in between. */
final class ServerProcess implements ServerStarter {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  /** Longest time on an event loop before Vert.x warns; tests and load runs set 100. */
  private static final String MAX_EVENT_LOOP = "frontdesk.maxEventLoopMillis";

  /** Holds an event loop once, this long, to show that checks for it fail; absent: never. */
  private static final String BLOCK_LOOP = "frontdesk.blockLoopMillis";

  private static final int START_SECONDS = 60;

  private final ConfigLoader loader;
  private final ConnectorCatalog catalog;
  private final PrintWriter out;

  ServerProcess(ConfigLoader loader, ConnectorCatalog catalog, PrintWriter out) {
    this.loader = loader;
    this.catalog = catalog;
    this.out = out;
  }

  @Override
  public int serve(Path file) throws Exception {
    HangUp hangUp = new HangUp();
    boolean reloads = Signals.on("HUP", hangUp);
    LoadedConfig loaded = loader.load(file);
    Vertx vertx = Vertx.vertx(options());
    Gateway gateway;
    try {
      gateway =
          stated(
              Gateway.start(vertx, loaded, catalog, () -> new Rehearsal(loaded, catalog).play()),
              "the gateway did not start within");
    } catch (IOException e) {
      await(vertx.close(), 10);
      throw e;
    }
    out.println(
        "frontdesk listening public="
            + gateway.publicUrl()
            + " management="
            + gateway.managementUrl());
    out.flush();
    ConfigReload reload = new ConfigReload(file, loader, loaded, gateway::reload);
    CountDownLatch terminated = new CountDownLatch(1);
    hangUp.started(reload::reload);
    boolean stops = Signals.on("TERM", terminated::countDown);
    boolean interrupts = Signals.on("INT", terminated::countDown);
    LOG.atInfo()
        .addKeyValue("reloadsOnHup", reloads)
        .addKeyValue("drainsOnTerm", stops && interrupts)
        .log("Started");
    blockLoop(vertx);
    terminated.await();
    return stop(vertx, gateway, loaded);
  }

  private static void blockLoop(Vertx vertx) {
    Integer millis = Integer.getInteger(BLOCK_LOOP);
    if (millis != null) {
      vertx.runOnContext(v -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis)));
    }
  }

  private static int stop(Vertx vertx, Gateway gateway, LoadedConfig loaded) throws Exception {
    LOG.atInfo().log("Draining");
    long seconds = loaded.config().server().limits().drainTimeout().toSeconds() + 5;
    try {
      await(gateway.stop(), seconds);
      LOG.atInfo().log("Stopped");
      return 0;
    } catch (ExecutionException | TimeoutException e) {
      LOG.atError().addKeyValue("reason", e.toString()).log("Not everything could be drained");
      return 1;
    } finally {
      await(vertx.close(), 10);
    }
  }

  static VertxOptions options() {
    VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
    options.setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()));
    Integer max = Integer.getInteger(MAX_EVENT_LOOP);
    if (max != null) {
      options
          .setMaxEventLoopExecuteTime(max)
          .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
          .setWarningExceptionTime(max) // each warning shows where
          .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
          .setBlockedThreadCheckInterval(Math.max(10, max / 4))
          .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  /**
   * The result within {@link #START_SECONDS}, or one sentence for whoever types the command.
   *
   * @param late what to say before the seconds when there is none by then
   */
  static <T> T stated(Future<T> future, String late) throws Exception {
    return stated(future, late, START_SECONDS);
  }

  static <T> T stated(Future<T> future, String late, int seconds) throws Exception {
    try {
      return await(future, seconds);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IOException(
          late + " " + seconds + " s; the log says how far it came, the store may be slow", e);
    }
  }

  static <T> T await(Future<T> future, long seconds) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
  }
}
