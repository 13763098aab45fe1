// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A bot that answers, hands over what is for people, and acknowledges. For one event loop. */
final class BotPart {

  private final WebSocketClient sockets;
  private final String url;

  BotPart(WebSocketClient sockets, String gateway) {
    this.sockets = sockets;
    this.url = gateway.replace("http:", "ws:") + "/bots/" + Stage.WORKSPACE + "/" + Stage.BOT;
  }

  /** Connects, and answers until the socket is closed. */
  Future<WebSocket> begin() {
    return sockets
        .connect(
            new WebSocketConnectOptions()
                .setAbsoluteURI(url)
                .setAllowOriginHeader(false)
                .putHeader("Authorization", "Bearer " + Stage.token(Stage.BOT)))
        .onSuccess(socket -> socket.textMessageHandler(text -> hear(socket, new JsonObject(text))));
  }

  private static void hear(WebSocket socket, JsonObject frame) {
    if ("message".equals(frame.getString("type"))) {
      String cursor = frame.getString("cursor");
      send(socket, answer(frame, cursor));
      send(socket, new JsonObject().put("type", "ack").put("cursor", cursor));
    }
  }

  private static JsonObject answer(JsonObject frame, String cursor) {
    JsonObject message = frame.getJsonObject("message");
    JsonObject command =
        new JsonObject()
            .put("id", cursor)
            .put("conversation", message.getString("conversation"))
            .put("epoch", frame.getLong("epoch"));
    return message.getJsonObject("content").getString("text", "").contains(Stage.FOR_PEOPLE)
        ? command.put("type", "handoff").put("reason", "for people")
        : command
            .put("type", "reply")
            .put("for", cursor)
            .put(
                "contents",
                new JsonArray().add(new JsonObject().put("kind", "text").put("text", "Hello.")));
  }

  private static void send(WebSocket socket, JsonObject frame) {
    var unused = socket.writeTextMessage(frame.encode()).onFailure(gone -> {});
  }
}
