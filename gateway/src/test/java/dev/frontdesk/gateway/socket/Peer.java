// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.gateway.store.redis.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The other end of a socket: keeps every frame it gets, and checks it against asyncapi.yaml. */
public final class Peer {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final List<String> undescribed = new CopyOnWriteArrayList<>();
  private final WebSocket socket;
  // kept: an unreachable client closes its sockets
  private final WebSocketClient client;
  private volatile boolean closed;

  private Peer(WebSocketClient client, WebSocket socket) {
    this.client = client;
    this.socket = socket;
  }

  public static Peer bot(Vertx vertx, int port, String workspace, String token) {
    WebSocketConnectOptions options = options(port, "/bots/" + workspace + "/faq");
    if (token != null) {
      options.putHeader("Authorization", "Bearer " + token);
    }
    return connect(vertx, options);
  }

  public static Peer visitor(Vertx vertx, int port, String workspace, String channel) {
    return connect(vertx, options(port, "/chat/" + workspace + "/" + channel));
  }

  public static WebSocketConnectOptions options(int port, String uri) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI(uri)
        .setAllowOriginHeader(false);
  }

  public static Peer connect(Vertx vertx, WebSocketConnectOptions options) {
    String operation = options.getURI().startsWith("/bots/") ? "toBot" : "toVisitor";
    WebSocketClient client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(1_000).setMaxMessageSize(1 << 20));
    // its handlers stand before it is open: a server may close it in the same breath
    ClientWebSocket socket = client.webSocket();
    Peer peer = new Peer(client, socket);
    socket.textMessageHandler(text -> peer.read(operation, new JsonObject(text)));
    socket.closeHandler(end -> peer.closed = true);
    TestRedis.await(socket.connect(options));
    return peer;
  }

  private void read(String operation, JsonObject frame) {
    undescribed.addAll(AsyncApi.problems(operation, frame));
    frames.add(frame);
  }

  public Peer send(JsonObject frame) {
    return send(frame.encode());
  }

  public Peer send(String text) {
    TestRedis.await(socket.writeTextMessage(text));
    return this;
  }

  public WebSocket socket() {
    return socket;
  }

  public JsonObject next(String type) {
    return next(frame -> frame.getString("type").equals(type), type);
  }

  /** Waits for a frame and takes it off. */
  public JsonObject next(Predicate<JsonObject> wanted, String description) {
    await(description + " among " + frames)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> closed || frames.stream().anyMatch(wanted));
    JsonObject found =
        frames.stream()
            .filter(wanted)
            .findFirst()
            .orElseThrow(
                () -> new AssertionError("closed " + socket.closeStatusCode() + " " + frames));
    frames.remove(found);
    assertThat(undescribed).as("differences from asyncapi.yaml").isEmpty();
    return found;
  }

  /** Waits for the end; its close code. */
  public int closeCode() {
    await("the end of the socket").atMost(PATIENCE).until(() -> closed);
    return socket.closeStatusCode() == null ? -1 : socket.closeStatusCode();
  }

  public boolean isClosed() {
    return closed;
  }

  public void close() {
    TestRedis.await(socket.close().transform(closed -> client.close()));
  }
}
