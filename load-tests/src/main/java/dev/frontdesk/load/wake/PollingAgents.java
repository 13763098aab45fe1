// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.load.AsyncApiClient;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The desktop software of many agents: each says that it is there, polls, hands each change on and
 * polls again at once, on a connection of its own. All of them share one event loop, which nothing
 * else runs on.
 */
final class PollingAgents implements AutoCloseable {

  /** How long one poll waits, s: the longest the contract allows. */
  private static final int WAIT = 55;

  private static final int AT_ONCE = 64;
  private static final long REST_MILLIS = 500;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context home = vertx.getOrCreateContext();
  private final ApiCalls api;
  private final Listener listener;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger troubles = new AtomicInteger();
  private volatile @Nullable String trouble;
  private volatile boolean stopped;

  /** Gets every change of every agent. */
  @FunctionalInterface
  interface Listener {
    /** On the agents' event loop; {@code atNanos}: when the answer with it had arrived. */
    void changed(PollingAgents agents, int agent, JsonObject change, long atNanos);
  }

  /** Nobody is there yet; {@code most}: how many may come. */
  PollingAgents(URI gateway, int most, Listener listener) {
    this.api = new ApiCalls(vertx, gateway, most + AT_ONCE);
    this.listener = listener;
  }

  /**
   * Agents {@code from} to {@code to} - 1 come and begin to poll; waits until each had the first
   * answer.
   */
  void come(int from, int to, String presence) {
    JsonObject said = new JsonObject().put("presence", presence);
    on(
        () ->
            InTurn.all(
                to - from,
                AT_ONCE,
                i ->
                    api.ok(HttpMethod.PUT, "/api/v1/agent/presence", token(from + i), said)
                        .compose(done -> first(from + i))),
        Duration.ofMinutes(5));
  }

  /** Something else as agents, on their event loop; waits for it. */
  <T> T as(Supplier<Future<T>> work) {
    return on(work, Duration.ofMinutes(5));
  }

  /** Something that sets a run up, repeated until it is {@code enough}; on their event loop. */
  <R> Future<R> patiently(Supplier<Future<R>> call, Predicate<R> enough) {
    return Patience.until(vertx, call, enough);
  }

  /** Calls as agents, with any token. */
  ApiCalls api() {
    return api;
  }

  /** Polls that wait for an answer now. */
  int waiting() {
    return waiting.get();
  }

  /** Polls that were refused or not answered. */
  int troubles() {
    return troubles.get();
  }

  /** The last of these, or null. */
  @Nullable String trouble() {
    return trouble;
  }

  /** The first poll, which is answered at once; the next ones go on by themselves. */
  private Future<Void> first(int agent) {
    return api.ok(HttpMethod.GET, "/api/v1/agent/conversations", token(agent), null)
        .map(
            answer -> {
              heard(agent, answer);
              poll(agent, answer.body().getString("cursor"));
              return null;
            });
  }

  private void poll(int agent, @Nullable String cursor) {
    if (stopped) {
      return;
    }
    String after = cursor == null ? "" : "&cursor=" + cursor;
    waiting.incrementAndGet();
    api.call(HttpMethod.GET, "/api/v1/agent/conversations?wait=" + WAIT + after, token(agent), null)
        .onComplete(
            done -> {
              waiting.decrementAndGet();
              if (done.succeeded() && done.result().status() == 200) {
                poll(agent, done.result().body().getString("cursor"));
                heard(agent, done.result());
              } else if (!stopped) {
                again(agent, cursor, done.succeeded() ? done.result() : done.cause());
              }
            });
  }

  private void again(int agent, @Nullable String cursor, Object why) {
    troubles.incrementAndGet();
    trouble = why.toString();
    boolean lost = why instanceof AsyncApiClient.Answer answer && answer.status() == 410;
    vertx.setTimer(REST_MILLIS, timer -> poll(agent, lost ? null : cursor));
  }

  private void heard(int agent, AsyncApiClient.Answer answer) {
    JsonArray changes = answer.body().getJsonArray("changes", new JsonArray());
    for (int i = 0; i < changes.size(); i++) {
      listener.changed(this, agent, changes.getJsonObject(i), answer.atNanos());
    }
  }

  private static String token(int agent) {
    return LoadConfig.agentToken(agent);
  }

  private <T> T on(Supplier<Future<T>> work, Duration most) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), most.toSeconds());
  }

  /** All leave in the middle of their polls. */
  @Override
  public void close() {
    stopped = true;
    CrashRun.await(vertx.close(), 30);
  }
}
