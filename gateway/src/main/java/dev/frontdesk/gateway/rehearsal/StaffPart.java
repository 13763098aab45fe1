// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * An agent who polls, accepts what is offered, reads, answers and resolves; a supervisor who
 * watches. For one event loop.
 */
final class StaffPart {

  private static final String CONVERSATIONS = "/api/v1/conversations/";

  private final House house;
  private final String management;
  private boolean over;

  StaffPart(House house, String management) {
    this.house = house;
    this.management = management;
  }

  /** The agent comes, and polls until {@link #end}. */
  Future<?> begin() {
    return house
        .api(
            Stage.AGENT,
            HttpMethod.PUT,
            "/api/v1/agent/presence",
            new JsonObject().put("presence", "available").encode())
        .onSuccess(present -> poll(""));
  }

  /** No poll follows the one that is open. */
  void end() {
    over = true;
  }

  private void poll(String cursor) {
    house
        .get(Stage.AGENT, "/api/v1/agent/conversations?wait=1" + cursor)
        .onSuccess(
            answer -> {
              JsonObject page = answer.json();
              if (!over && page.containsKey("cursor")) {
                page.getJsonArray("changes").forEach(change -> hear((JsonObject) change));
                poll("&cursor=" + page.getString("cursor"));
              }
            });
  }

  private void hear(JsonObject change) {
    if (change.getString("type").equals("offered") && change.containsKey("offer")) {
      JsonObject conversation = change.getJsonObject("conversation");
      var unused =
          serve(conversation.getString("id"), change.getJsonObject("offer").getString("id"));
    }
  }

  private Future<?> serve(String id, String offer) {
    String path = CONVERSATIONS + id;
    return post(path + "/accept", new JsonObject().put("offer", offer))
        .compose(
            accepted ->
                Future.join(
                        house.get(Stage.AGENT, path),
                        house.get(Stage.AGENT, path + "/messages?limit=50"),
                        house.get(Stage.AGENT, path + "/events"))
                    .compose(
                        read ->
                            post(
                                path + "/messages",
                                new JsonObject()
                                    .put("text", "It is on its way.")
                                    .put("epoch", accepted.json().getLong("epoch", 1L)))))
        .compose(sent -> post(path + "/resolve", new JsonObject().put("code", "solved")));
  }

  private Future<House.Answer> post(String path, JsonObject body) {
    return house.api(Stage.AGENT, HttpMethod.POST, path, body.encode());
  }

  /** The supervisor looks at every board, somebody at the metrics. */
  Future<?> watch() {
    return Future.join(
        house.get(Stage.SUPERVISOR, "/api/v1/queue"),
        house.get(Stage.SUPERVISOR, "/api/v1/agents"),
        house.get(Stage.SUPERVISOR, "/api/v1/reports/first-response?by=channel"),
        house.get(Stage.SUPERVISOR, "/api/v1/conversations?limit=20"),
        house.call(HttpMethod.GET, management + "/metrics", Map.of(), Buffer.buffer()));
  }
}
