// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions of one bot: each answers every message it gets, then resolves the conversation or hands
 * it to people. A session whose socket ends connects again.
 */
final class BotSessions {

  static final String BOT = "load-bot";
  static final String TOKEN = "load-bot-token-0123456789abcdef";

  private static final long AGAIN_MILLIS = 500;
  private static final String HAND_OFF = "handoff";
  private static final String RESOLVE = "resolve";

  private final Vertx vertx;
  private final WebSocketClient client;
  private final URI gateway;
  private final Replies replies;
  private final Deck endings;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger connected = new AtomicInteger();
  private volatile boolean working = true;

  BotSessions(Vertx vertx, URI gateway, Replies replies, Scenario.Bots terms, long seed) {
    this.vertx = vertx;
    this.gateway = gateway;
    this.replies = replies;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(Math.max(1, terms.number())));
    double handOff = terms.handOff().value();
    this.endings =
        new Deck(Map.of(HAND_OFF, handOff, RESOLVE, 1 - handOff), new SplittableRandom(seed));
  }

  /** The bot in the gateway's configuration. */
  static String configuration(Scenario.Bots terms) {
    return "bots: { "
        + BOT
        + ": { token: "
        + TOKEN
        + ", channels: ["
        + String.join(
            ", ",
            terms.channels().stream()
                .map(channel -> channel.equals("webhook") ? LoadConfig.CHANNEL : channel)
                .toList())
        + "] } }";
  }

  /** So many sessions connect, all on this context: what they share is for one thread. */
  void connect(int sessions) {
    for (int i = 0; i < sessions; i++) {
      connect();
    }
  }

  private void connect() {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI("/bots/" + LoadConfig.WORKSPACE + "/" + BOT)
            .setAllowOriginHeader(false)
            .putHeader("Authorization", "Bearer " + TOKEN);
    client.connect(options).onSuccess(socket -> new Session(socket)).onFailure(no -> again());
  }

  private void again() {
    lost.incrementAndGet();
    if (working) {
      vertx.setTimer(AGAIN_MILLIS, later -> connect());
    }
  }

  /** They answer no more. */
  void stop() {
    working = false;
  }

  /** Sessions that are connected. */
  int connected() {
    return connected.get();
  }

  @Override
  public String toString() {
    return "answered=" + answered + " refused=" + refused + " socketsLost=" + lost;
  }

  /** One socket. */
  private final class Session {
    private final WebSocket socket;

    /** By the mark of an answer whose outcome is not known: its conversation and epoch. */
    private final Map<String, JsonObject> open = new HashMap<>();

    Session(WebSocket socket) {
      this.socket = socket;
      connected.incrementAndGet();
      socket.textMessageHandler(text -> hear(new JsonObject(text)));
      socket.exceptionHandler(cut -> {});
      socket.closeHandler(
          closed -> {
            connected.decrementAndGet();
            open.keySet().forEach(mark -> replies.told(mark, Ledger.Outcome.UNKNOWN));
            again();
          });
    }

    private void hear(JsonObject frame) {
      switch (frame.getString("type", "")) {
        case "message" -> answer(frame);
        case "done" -> settled(frame.getString("for"), Ledger.Outcome.ACCEPTED);
        case "error" -> settled(frame.getString("for"), Ledger.Outcome.REFUSED);
        default -> {} // released: the conversation is somebody else's now
      }
    }

    private void answer(JsonObject frame) {
      if (!working) {
        return;
      }
      String mark = replies.mark();
      JsonObject where =
          new JsonObject()
              .put("conversation", frame.getJsonObject("conversation").getString("id"))
              .put("epoch", frame.getLong("epoch"));
      open.put(mark, where);
      JsonObject text = new JsonObject().put("kind", "text").put("text", "I am a program. " + mark);
      write(
          where
              .copy()
              .put("type", "reply")
              .put("id", mark)
              .put("for", frame.getString("cursor"))
              .put("contents", new JsonArray().add(text)));
      write(new JsonObject().put("type", "ack").put("cursor", frame.getString("cursor")));
    }

    private void settled(String mark, Ledger.Outcome outcome) {
      JsonObject where = mark == null ? null : open.remove(mark);
      if (where == null) {
        return;
      }
      replies.told(mark, outcome);
      if (outcome == Ledger.Outcome.REFUSED) {
        refused.incrementAndGet();
        return;
      }
      answered.incrementAndGet();
      String ending = endings.next();
      JsonObject command = where.put("type", ending).put("id", "end-" + mark);
      if (ending.equals(HAND_OFF)) {
        command.put("reason", "not in the list");
      }
      write(command);
    }

    /** A socket that is gone says so by its close handler. */
    private void write(JsonObject frame) {
      socket.writeTextMessage(frame.encode()).onFailure(gone -> {});
    }
  }
}
