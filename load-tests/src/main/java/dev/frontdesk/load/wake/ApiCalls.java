// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The JSON API by many callers at once, a connection each while they wait: what the gateway's own
 * {@code ApiClient} would need a thread each for.
 */
final class ApiCalls {

  /** Longer than the longest long-poll (55 s). */
  private static final long TIMEOUT_MILLIS = 70_000;

  private final Vertx vertx;
  private final HttpClient http;
  private final URI gateway;

  /** Calls on one gateway; {@code connections}: at most. */
  ApiCalls(Vertx vertx, URI gateway, int connections) {
    this.vertx = vertx;
    this.gateway = gateway;
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(0)
                    .setDefaultHost(gateway.getHost())
                    .setDefaultPort(gateway.getPort())
                    .setConnectTimeout(10_000))
            .with(new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1))
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
  }

  /** Status, body ({} when it is none) and when it had arrived, by {@code System.nanoTime}. */
  record Answer(int status, JsonObject body, long atNanos) {
    boolean isOk() {
      return status / 100 == 2;
    }
  }

  /** The answer on the caller's context; fails when there is none. */
  Future<Answer> call(HttpMethod method, String path, String token, @Nullable JsonObject body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI(path)
            .setIdleTimeout(TIMEOUT_MILLIS)
            .putHeader("authorization", "Bearer " + token)
            .putHeader("content-type", "application/json");
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        bytes -> {
                          long at = System.nanoTime();
                          boolean json = bytes.length() > 0 && bytes.getByte(0) == '{';
                          return new Answer(
                              response.statusCode(),
                              json ? new JsonObject(bytes) : new JsonObject(),
                              at);
                        }));
  }

  /**
   * The same, repeated while it is refused for now (429, 503), for what has to be there before a
   * run begins; failed when it is not 2xx.
   */
  Future<Answer> ok(HttpMethod method, String path, String token, @Nullable JsonObject body) {
    return Patience.until(
            vertx,
            () -> call(method, path, token, body),
            answer -> answer.status() != 429 && answer.status() != 503)
        .compose(
            answer ->
                answer.isOk()
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(
                        method
                            + " "
                            + path
                            + " answered "
                            + answer.status()
                            + " "
                            + answer.body()));
  }

  Future<Void> close() {
    return http.close();
  }
}
