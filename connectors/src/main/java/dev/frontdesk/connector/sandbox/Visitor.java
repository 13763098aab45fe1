// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A visitor of a website with a {@code webchat} channel, on the public protocol. Belongs to the
 * context it connected on; the client it uses has to be kept by its owner.
 */
public final class Visitor {

  private final WebSocket socket;
  private final Consumer<JsonObject> onAnswer;
  private final Promise<Visitor> greeted = Promise.promise();
  private final Map<String, Promise<Integer>> waiting = new ConcurrentHashMap<>();
  private @Nullable String session;
  private @Nullable String token;
  private int seen;

  private Visitor(WebSocket socket, Consumer<JsonObject> onAnswer) {
    this.socket = socket;
    this.onAnswer = onAnswer;
    socket.textMessageHandler(text -> read(new JsonObject(text)));
    socket.exceptionHandler(lost -> {});
    socket.closeHandler(closed -> end());
  }

  /** Who may continue a session on another socket. */
  public record Pass(String session, String token, int seen) {}

  /**
   * Connects and says hello.
   *
   * @param url {@code ws://host:port/chat/{workspace}/{channel}}
   * @param origin the page's origin, or null for a program that is no browser
   * @param pass of an earlier socket, or null
   * @param onAnswer given each message (public contract, section 4)
   */
  public static Future<Visitor> connect(
      WebSocketClient client,
      String url,
      @Nullable String origin,
      String name,
      @Nullable Pass pass,
      Consumer<JsonObject> onAnswer) {
    WebSocketConnectOptions options = new WebSocketConnectOptions().setAbsoluteURI(url);
    if (origin == null) {
      options.setAllowOriginHeader(false);
    } else {
      options.putHeader("Origin", origin);
    }
    return client
        .connect(options)
        .map(socket -> new Visitor(socket, onAnswer))
        .compose(visitor -> visitor.greet(name, pass));
  }

  private Future<Visitor> greet(String name, @Nullable Pass pass) {
    JsonObject hello = new JsonObject().put("type", "hello").put("name", name);
    if (pass != null) {
      seen = pass.seen();
      hello.put("session", pass.session()).put("token", pass.token()).put("seen", pass.seen());
    }
    return socket.writeTextMessage(hello.encode()).compose(sent -> greeted.future());
  }

  /** Sends a text; completes with its seq when it is durable. The same id is stored once. */
  public Future<Integer> say(String id, String text) {
    Promise<Integer> stored = Promise.promise();
    waiting.put(id, stored);
    JsonObject frame = new JsonObject().put("type", "message").put("id", id).put("text", text);
    return socket.writeTextMessage(frame.encode()).compose(sent -> stored.future());
  }

  /** What continues this session on another socket. */
  public Pass pass() {
    if (session == null || token == null) {
      throw new IllegalStateException("no session before connect completed");
    }
    return new Pass(session, token, seen);
  }

  /** Leaves the page. */
  public Future<Void> close() {
    return socket.close();
  }

  private void read(JsonObject frame) {
    switch (frame.getString("type", "")) {
      case "session" -> {
        session = frame.getString("session");
        token = frame.getString("token");
        greeted.tryComplete(this);
      }
      case "stored" -> settle(frame.getString("id"), frame.getInteger("seq"));
      case "message" -> {
        JsonObject message = frame.getJsonObject("message");
        seen = Math.max(seen, message.getInteger("seq"));
        onAnswer.accept(message);
      }
      case "error" -> refused(frame);
      default -> {} // typing, position: nothing to do
    }
  }

  private void settle(@Nullable String id, int seq) {
    Promise<Integer> stored = id == null ? null : waiting.remove(id);
    if (stored != null) {
      stored.complete(seq);
    }
  }

  private void refused(JsonObject frame) {
    String id = frame.getString("for");
    Promise<Integer> stored = id == null ? null : waiting.remove(id);
    String problem = frame.getJsonObject("problem").getString("type");
    if (stored != null) {
      stored.fail(problem);
    } else {
      greeted.tryFail(problem);
    }
  }

  private void end() {
    greeted.tryFail("the socket was closed: " + socket.closeStatusCode());
    waiting.values().forEach(stored -> stored.tryFail("the socket was closed"));
    waiting.clear();
  }
}
