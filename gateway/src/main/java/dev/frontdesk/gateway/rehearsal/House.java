// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Calls the gateway that is rehearsed with, over its real sockets. For one event loop. */
final class House {

  private final HttpClient client;
  private final String url;
  private final Map<Integer, Integer> answers = new TreeMap<>();

  House(HttpClient client, String url) {
    this.client = client;
    this.url = url;
  }

  String url() {
    return url;
  }

  /** How often each status was the answer. */
  Map<Integer, Integer> answers() {
    return Map.copyOf(answers);
  }

  /** Status and body of an answer. */
  record Answer(int status, Buffer body) {
    JsonObject json() {
      return status / 100 == 2 && body.length() > 0 ? body.toJsonObject() : new JsonObject();
    }
  }

  /** A call with a person's token. */
  Future<Answer> api(String who, HttpMethod method, String path, String body) {
    Map<String, String> headers =
        body.isEmpty()
            ? Map.of("Authorization", "Bearer " + Stage.token(who))
            : Map.of(
                "Authorization",
                "Bearer " + Stage.token(who),
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                path + body.hashCode());
    return call(method, url + path, headers, Buffer.buffer(body));
  }

  Future<Answer> get(String who, String path) {
    return api(who, HttpMethod.GET, path, "");
  }

  /** Any call. */
  Future<Answer> call(HttpMethod method, String address, Map<String, String> headers, Buffer body) {
    RequestOptions options = new RequestOptions().setMethod(method).setAbsoluteURI(address);
    headers.forEach(options::addHeader);
    return client
        .request(options)
        .compose(request -> request.send(body).compose(House::whole))
        .onSuccess(answer -> answers.merge(answer.status(), 1, Integer::sum));
  }

  /** Asked for on the context the answer came on: a listener added later may miss its body. */
  private static Future<Answer> whole(HttpClientResponse response) {
    return response.body().map(bytes -> new Answer(response.statusCode(), bytes));
  }
}
