// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The gateway's API as many agents call it, without a thread each. Thread-safe. */
final class Api {

  /** Longer than any long-poll here. */
  private static final long TIMEOUT_MILLIS = 40_000;

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final HttpClient http;
  private final URI gateway;

  /** A client for so many callers, each with a poll and a few commands. */
  Api(Vertx vertx, URI gateway, int callers) {
    this.gateway = gateway;
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS))
            .with(new PoolOptions().setHttp1MaxSize(4 * callers + 16).setMaxWaitQueueSize(-1))
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
  }

  /** Status, 0 when there was no answer, and the body. */
  record Answer(int status, JsonObject body) {
    boolean isOk() {
      return status / 100 == 2;
    }

    /** Whether asking again may help: refused for now, or not answered. */
    boolean isForLater() {
      return status == 0 || status == 429 || status == 503;
    }
  }

  Future<Answer> get(String token, String path) {
    return call(HttpMethod.GET, token, path, null, null);
  }

  Future<Answer> put(String token, String path, JsonObject body) {
    return call(HttpMethod.PUT, token, path, body, null);
  }

  /** A command; with a key it may be repeated. */
  Future<Answer> post(String token, String path, JsonObject body, @Nullable String key) {
    return call(HttpMethod.POST, token, path, body, key);
  }

  /** Never fails. */
  private Future<Answer> call(
      HttpMethod method,
      String token,
      String path,
      @Nullable JsonObject body,
      @Nullable String key) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI(path)
            .setIdleTimeout(TIMEOUT_MILLIS)
            .putHeader("Authorization", "Bearer " + token)
            .putHeader("Content-Type", "application/json");
    if (key != null) {
      options.putHeader("Idempotency-Key", key);
    }
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
        .compose(
            response ->
                response.body().map(read -> new Answer(response.statusCode(), parsed(read))))
        .otherwise(new Answer(0, new JsonObject()));
  }

  private static JsonObject parsed(Buffer body) {
    try {
      return body.length() == 0 ? new JsonObject() : new JsonObject(body);
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }

  Future<Void> close() {
    return http.close();
  }
}
