// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

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

/**
 * The JSON API by many callers at once, a connection each while they wait: what the gateway's own
 * {@code ApiClient} would need a thread each for. Thread-safe.
 */
public final class AsyncApiClient {

  private final HttpClient http;
  private final URI gateway;
  private final long timeoutMillis;

  /**
   * Bounds of a client.
   *
   * @param connections at most so many
   * @param keepAliveSeconds an idle connection is closed after them; 0: never
   * @param connectMillis longest wait for a connection
   * @param timeoutMillis longest silence of a call: longer than its long-polls
   */
  public record Limits(
      int connections, int keepAliveSeconds, int connectMillis, long timeoutMillis) {}

  /** Calls on one gateway. */
  public AsyncApiClient(Vertx vertx, URI gateway, Limits limits) {
    this.gateway = gateway;
    this.timeoutMillis = limits.timeoutMillis();
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAliveTimeout(limits.keepAliveSeconds())
                    .setConnectTimeout(limits.connectMillis()))
            .with(new PoolOptions().setHttp1MaxSize(limits.connections()).setMaxWaitQueueSize(-1))
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
  }

  /**
   * What came back.
   *
   * @param status 0: there was no answer
   * @param body {@code {}} when it is no JSON object
   * @param atNanos when all of it had arrived, by {@code System.nanoTime}
   */
  public record Answer(int status, JsonObject body, long atNanos) {

    /** Whether it is 2xx. */
    public boolean isOk() {
      return status / 100 == 2;
    }

    /** Whether asking again may help: refused for now, or not answered. */
    public boolean isForLater() {
      return status == 0 || status == 429 || status == 503;
    }
  }

  /**
   * The answer on the caller's context; fails when there is none.
   *
   * @param key of idempotency; null: without
   */
  public Future<Answer> call(
      HttpMethod method,
      String path,
      String token,
      @Nullable JsonObject body,
      @Nullable String key) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI(path)
            .setIdleTimeout(timeoutMillis)
            .putHeader("authorization", "Bearer " + token)
            .putHeader("content-type", "application/json");
    if (key != null) {
      options.putHeader("idempotency-key", key);
    }
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
        .compose(
            response ->
                response
                    .body()
                    .map(
                        read -> {
                          long at = System.nanoTime();
                          return new Answer(response.statusCode(), parsed(read), at);
                        }));
  }

  private static JsonObject parsed(Buffer body) {
    try {
      boolean isObject = body.length() > 0 && body.getByte(0) == '{';
      return isObject ? new JsonObject(body) : new JsonObject();
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }

  /** Ends all calls. */
  public Future<Void> close() {
    return http.close();
  }
}
