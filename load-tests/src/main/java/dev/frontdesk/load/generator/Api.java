// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.AsyncApiClient;
import dev.frontdesk.load.AsyncApiClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The gateway's API as many agents call it; no call fails. Thread-safe. */
final class Api {

  /** Longer than any long-poll here. */
  private static final long TIMEOUT_MILLIS = 40_000;

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final AsyncApiClient client;

  /** A client for so many callers, each with a poll and a few commands. */
  Api(Vertx vertx, URI gateway, int callers) {
    this.client =
        new AsyncApiClient(
            vertx,
            gateway,
            new AsyncApiClient.Limits(
                4 * callers + 16, KEEP_ALIVE_SECONDS, CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS));
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

  /** Status 0 when there was no answer. */
  private Future<Answer> call(
      HttpMethod method,
      String token,
      String path,
      @Nullable JsonObject body,
      @Nullable String key) {
    return client
        .call(method, path, token, body, key)
        .otherwise(none -> new Answer(0, new JsonObject(), System.nanoTime()));
  }

  Future<Void> close() {
    return client.close();
  }
}
