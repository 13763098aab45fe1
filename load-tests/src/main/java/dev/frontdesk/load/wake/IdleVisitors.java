// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Visitors of a website who have the chat open, said hello and write nothing. */
final class IdleVisitors implements AutoCloseable {

  /** The channel of these visitors. */
  static final String CHANNEL = "site";

  private static final int AT_ONCE = 64;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context home = vertx.getOrCreateContext();
  private final WebSocketClient client;
  private final WebSocketConnectOptions door;
  private final List<WebSocket> sockets = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();

  /** Nobody is there yet; {@code most}: how many may come. */
  IdleVisitors(URI gateway, int most) {
    this.client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(most + AT_ONCE));
    this.door =
        new WebSocketConnectOptions()
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI("/chat/" + LoadConfig.WORKSPACE + "/" + CHANNEL);
  }

  /** So many more come; waits until each has a session. */
  void come(int count) {
    Promise<Void> over = Promise.promise();
    home.runOnContext(v -> InTurn.all(count, AT_ONCE, i -> one()).onComplete(over));
    CrashRun.await(over.future(), 300);
  }

  private Future<Void> one() {
    Promise<Void> session = Promise.promise();
    return client
        .connect(door)
        .compose(
            socket -> {
              sockets.add(socket);
              open.incrementAndGet();
              socket.textMessageHandler(
                  text -> {
                    if (text.contains("\"session\"")) {
                      session.tryComplete();
                    }
                  });
              socket.closeHandler(
                  closed -> {
                    open.decrementAndGet();
                    session.tryFail("the gateway closed a socket: " + socket.closeStatusCode());
                  });
              return socket
                  .writeTextMessage(new JsonObject().put("type", "hello").encode())
                  .compose(sent -> session.future());
            });
  }

  /** Sockets that are open. */
  int open() {
    return open.get();
  }

  @Override
  public void close() {
    CrashRun.await(vertx.close(), 30);
  }
}
