// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.connector.sandbox.Visitor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Visitors of a website, each with a socket that stays open to the end. */
final class DemoVisitors {

  private static final String PAGE = "https://shop.example";

  /** Visitors at once; the default of 50 would leave others waiting for a socket. */
  private static final int MOST = 20_000;

  private final WebSocketClient client;
  private final String address;
  private final DemoBook book;
  private final Queue<Future<Visitor>> open = new ConcurrentLinkedQueue<>();
  private final AtomicLong number = new AtomicLong();

  DemoVisitors(Vertx vertx, URI gateway, DemoBook book) {
    this.client = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(MOST));
    this.address = "ws://" + gateway.getAuthority() + "/chat/" + DemoSettings.WORKSPACE + "/site";
    this.book = book;
  }

  /** A visitor comes to the page. */
  Chat open(int person) {
    Future<Visitor> visitor =
        Visitor.connect(client, address, PAGE, "Visitor " + person, null, this::shown);
    open.add(visitor);
    return words -> {
      String id = "m" + number.incrementAndGet();
      visitor.onSuccess(known -> say(known, id, words)).onFailure(refused -> book.refused());
    };
  }

  private void say(Visitor visitor, String id, String words) {
    String stored = visitor.pass().session() + ":" + id;
    visitor
        .say(id, words)
        .onSuccess(
            seq -> {
              book.accepted("site", stored);
              if (number.get() % 64 == 0) {
                book.repeated();
                visitor.say(id, words).onFailure(lost -> book.refused());
              }
            })
        .onFailure(lost -> book.doubtful("site", stored));
  }

  private void shown(JsonObject message) {
    if ("outbound".equals(message.getString("direction"))) {
      book.shown(message.getString("id"));
    }
  }

  /** Everybody leaves. */
  Future<Void> close() {
    return Future.join(
            open.stream().map(visitor -> visitor.compose(Visitor::close).otherwiseEmpty()).toList())
        .compose(left -> client.close());
  }
}
