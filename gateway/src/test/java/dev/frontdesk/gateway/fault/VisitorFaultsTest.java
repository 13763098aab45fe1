// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What visitors, who need no token, must not be able to do to those who have one. */
class VisitorFaultsTest {

  private static final String SITE =
      "{ connector: webchat, settings: { identitySecret: 0123456789abcdef0123456789abcdef } }";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    TestGateway.await(vertx.close());
  }

  private DeskYaml yaml() {
    return new DeskYaml()
        .limits("{ waitingClients: 2, waitingVisitors: 3 }")
        .channel("site", SITE)
        .line("bots: { faq: { token: " + TestGateway.token("faq") + " } }");
  }

  /** A socket, its client (an unreachable one closes it) and what it was told. */
  private record Client(WebSocketClient kept, WebSocket socket, List<JsonObject> frames) {
    JsonObject next(String type) {
      return Awaitility.await()
          .until(
              () -> frames.stream().filter(f -> type.equals(f.getString("type"))).findFirst(),
              java.util.Optional::isPresent)
          .orElseThrow();
    }
  }

  private Client connect(TestGateway gateway, String path, String token) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateway.url().getPort())
            .setAllowOriginHeader(false)
            .setURI(path);
    if (token != null) {
      options.addHeader("Authorization", "Bearer " + token);
    }
    List<JsonObject> frames = new CopyOnWriteArrayList<>();
    WebSocketClient client = vertx.createWebSocketClient();
    WebSocket socket = TestGateway.await(client.connect(options));
    socket.textMessageHandler(text -> frames.add(new JsonObject(text)));
    return new Client(client, socket, frames);
  }

  private Client visitor(TestGateway gateway) {
    Client visitor = connect(gateway, "/chat/acme/site", null);
    TestGateway.await(visitor.socket().writeTextMessage("{\"type\":\"hello\"}"));
    visitor.next("session");
    return visitor;
  }

  @Test
  void visitors_asManyAsMayBe_leavePollsAndBotsTheirPlaces() {
    try (TestGateway gateway = new TestGateway(yaml().in(folder))) {
      for (int i = 0; i < 3; i++) {
        visitor(gateway);
      }
      assertThatThrownBy(() -> connect(gateway, "/chat/acme/site", null))
          .rootCause()
          .isInstanceOfSatisfying(
              UpgradeRejectedException.class,
              refused -> assertThat(refused.getStatus()).isEqualTo(503));

      ApiClient.Answer poll = gateway.as("alice").get("/api/v1/agent/conversations?wait=0");
      Client bot = connect(gateway, "/bots/acme/faq", TestGateway.token("faq"));

      assertThat(poll.status()).isEqualTo(200);
      assertThat(bot.socket().isClosed()).isFalse();
    }
  }

  @Test
  void channel_thatAReloadRemoves_endsItsSockets_andOthersStay() {
    DeskYaml both = yaml().channel("other", SITE);
    try (TestGateway gateway = new TestGateway(both.in(folder))) {
      Client leaving = visitor(gateway);
      Client staying = connect(gateway, "/chat/acme/other", null);

      gateway.reload(
          new DeskYaml()
              .limits("{ waitingClients: 2, waitingVisitors: 3 }")
              .channel("other", SITE)
              .in(folder));

      Awaitility.await().until(() -> leaving.socket().isClosed());
      assertThat(leaving.socket().closeStatusCode()).isEqualTo((short) 1001);
      TestGateway.await(staying.socket().writeTextMessage("{\"type\":\"hello\"}"));
      staying.next("session");
      assertThatThrownBy(() -> connect(gateway, "/chat/acme/site", null))
          .rootCause()
          .isInstanceOfSatisfying(
              UpgradeRejectedException.class,
              refused -> assertThat(refused.getStatus()).isEqualTo(404));
    }
  }
}
