// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** Visitors who said hello and write nothing; their sockets have to stay. */
final class IdleVisitors {

  /** Their channel in the gateway's configuration. */
  static final String CHANNEL = "site";

  static final String CONFIGURATION =
      "{ connector: webchat, settings: { identitySecret: load-only-identity-secret } }";

  private final WebSocketClient client;
  private final WebSocketConnectOptions address;
  private final AtomicInteger open = new AtomicInteger();

  IdleVisitors(Vertx vertx, URI gateway, int most) {
    this.client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(most + 1));
    this.address =
        new WebSocketConnectOptions()
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI("/chat/" + LoadConfig.WORKSPACE + "/" + CHANNEL)
            .setAllowOriginHeader(false);
  }

  /** So many come, one after the other; fails when one cannot. */
  Future<Void> come(int number) {
    Promise<Void> over = Promise.promise();
    next(number, over);
    return over.future();
  }

  private void next(int left, Promise<Void> over) {
    if (left == 0) {
      over.complete();
      return;
    }
    client
        .connect(new WebSocketConnectOptions(address))
        .compose(this::greet)
        .onSuccess(here -> next(left - 1, over))
        .onFailure(over::fail);
  }

  private Future<Void> greet(WebSocket socket) {
    open.incrementAndGet();
    socket.textMessageHandler(frame -> {});
    socket.exceptionHandler(cut -> {});
    socket.closeHandler(closed -> open.decrementAndGet());
    return socket.writeTextMessage(new JsonObject().put("type", "hello").encode());
  }

  /** Sockets that are open. */
  int open() {
    return open.get();
  }
}
