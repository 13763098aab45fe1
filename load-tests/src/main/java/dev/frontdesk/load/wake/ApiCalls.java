// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.load.AsyncApiClient;
import dev.frontdesk.load.AsyncApiClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The JSON API by agents who wait, a connection each. */
final class ApiCalls {

  /** Longer than the longest long-poll (55 s). */
  private static final long TIMEOUT_MILLIS = 70_000;

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final Vertx vertx;
  private final AsyncApiClient client;

  /** Calls on one gateway; {@code connections}: at most, and none is closed for being idle. */
  ApiCalls(Vertx vertx, URI gateway, int connections) {
    this.vertx = vertx;
    this.client =
        new AsyncApiClient(
            vertx,
            gateway,
            new AsyncApiClient.Limits(connections, 0, CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS));
  }

  /** The answer on the caller's context; fails when there is none. */
  Future<Answer> call(HttpMethod method, String path, String token, @Nullable JsonObject body) {
    return client.call(method, path, token, body, null);
  }

  /**
   * The same, repeated while it is refused for now (429, 503), for what has to be there before a
   * run begins; failed when it is not 2xx.
   */
  Future<Answer> ok(HttpMethod method, String path, String token, @Nullable JsonObject body) {
    return Patience.until(
            vertx, () -> call(method, path, token, body), answer -> !answer.isForLater())
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
    return client.close();
  }
}
