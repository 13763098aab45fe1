// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a soak runs on: two gateways as users start them, one Redis with {@code appendfsync always},
 * and a stand-in for the platform that takes answers. Who uses the gateways reads {@link
 * #addresses} each time: the second one is another process on another port after it was killed.
 */
final class Site implements AutoCloseable {

  private static final int AGENTS = 24;

  /** For each agent: a conversation is in hand for some six seconds, 800 a second find room. */
  private static final int CAPACITY = 200;

  private final Path folder;
  private final Vertx vertx;
  private final RedisProcess redis;
  private final HttpServer platform;
  private final Path first;
  private final Path second;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong turnedDown = new AtomicLong();
  private final AtomicInteger blockedBefore = new AtomicInteger();
  private final DoubleAdder earlyBefore = new DoubleAdder();
  private volatile int status = 200;
  private volatile int delayMillis;
  private volatile @Nullable GatewayProcess lasting;
  private volatile @Nullable GatewayProcess other;

  Site(Path folder, Vertx vertx, SoakPlan plan) {
    this.folder = folder;
    this.vertx = vertx;
    this.platform =
        CrashRun.await(
            vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"), 10);
    this.redis = RedisProcess.start(folder.resolve("redis"));
    this.first = config("first", plan);
    this.second = config("second", plan);
  }

  /** Starts the gateways; waits until both listen. */
  void open() {
    lasting = start(first, "first");
    other = start(second, "second");
  }

  private Path config(String name, SoakPlan plan) {
    return new LoadConfig(folder.resolve(name))
        .redis(redis.url())
        .agents(AGENTS, CAPACITY)
        .promises("3s", "4h")
        .sendUrl("http://127.0.0.1:" + platform.actualPort() + "/")
        .conversations("reopenWindow: " + plan.reopenWindow() + "s")
        .conversations("retention: " + plan.retention() + "s")
        .conversations("dedupeBuckets: 65536")
        .line("outbox: { maxAttempts: 100, maxRetry: 5s }")
        .write("gateway.yaml");
  }

  private GatewayProcess start(Path config, String name) {
    return GatewayProcess.start(config, folder.resolve(name + ".log"), Map.of());
  }

  private void take(HttpServerRequest request) {
    int answer = status;
    request
        .end()
        .onSuccess(
            body -> {
              (answer == 200 ? taken : turnedDown).incrementAndGet();
              if (delayMillis == 0) {
                answer(request, answer);
              } else {
                vertx.setTimer(delayMillis, timer -> answer(request, answer));
              }
            });
  }

  private static void answer(HttpServerRequest request, int status) {
    var unused = request.response().setStatusCode(status).end("{}");
  }

  /** The gateways that can be written to now. */
  List<URI> addresses() {
    return List.of(lasting().publicUrl(), other().publicUrl());
  }

  int agents() {
    return AGENTS;
  }

  /** The one that lives throughout. */
  GatewayProcess lasting() {
    return Objects.requireNonNull(lasting);
  }

  /** The one that is killed now and then. */
  GatewayProcess other() {
    return Objects.requireNonNull(other);
  }

  RedisProcess redis() {
    return redis;
  }

  int platformPort() {
    return platform.actualPort();
  }

  /** {@code kill -9} of the second gateway, and another in its place; waits until that listens. */
  void replaceOther(double earlySoFar) {
    earlyBefore.add(earlySoFar);
    blockedBefore.addAndGet(other().blockedWarnings());
    other().kill();
    other = start(second, "second");
  }

  /** What the processes that were killed had counted as early when they were last asked. */
  double earlyBefore() {
    return earlyBefore.sum();
  }

  int blockedWarnings() {
    return blockedBefore.get() + lasting().blockedWarnings() + other().blockedWarnings();
  }

  /** How the platform answers from now on. */
  void platform(int newStatus, int newDelayMillis) {
    status = newStatus;
    delayMillis = newDelayMillis;
  }

  /** Answers the platform has taken. */
  long taken() {
    return taken.get();
  }

  /** Answers the platform has refused. */
  long turnedDown() {
    return turnedDown.get();
  }

  @Override
  public void close() {
    end(lasting);
    end(other);
    redis.close();
    var unused = platform.close();
  }

  private static void end(@Nullable GatewayProcess gateway) {
    if (gateway != null && gateway.isAlive()) {
      gateway.kill();
    }
  }
}
