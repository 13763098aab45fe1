// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Platforms' calls reach the intake as they came, and its outcomes reach the platforms. */
class WebhookHandlerTest {

  private static EdgeFixture edge;

  @BeforeAll
  static void start() {
    edge = new EdgeFixture();
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @BeforeEach
  void reset() {
    edge.webhooks.clear();
    edge.intake =
        request ->
            Future.succeededFuture(
                dev.frontdesk.connector.WebhookAnswer.ok("text/plain", "success"));
  }

  @Test
  void request_arrivesAsItWasSent() {
    var answer =
        edge.call(
            "POST",
            "/webhooks/acme/hook/status/1?b=2&a=%E4%BD%A0&a=x;y",
            null,
            "{\"text\":\"你好\"}",
            Map.of("X-Signature", "abc"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("success");
    WebhookRequest seen = edge.webhooks.get(0);
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.path()).isEqualTo("/status/1");
    assertThat(seen.url())
        .isEqualTo("https://desk.example.com/webhooks/acme/hook/status/1?b=2&a=%E4%BD%A0&a=x;y");
    assertThat(seen.query()).containsEntry("a", List.of("你", "x;y"));
    assertThat(seen.headers()).containsEntry("x-signature", List.of("abc"));
    assertThat(seen.body().toString()).isEqualTo("{\"text\":\"你好\"}");
  }

  @Test
  void channel_unknownOrOfNoWorkspace() {
    for (String path :
        List.of("/webhooks/acme/none", "/webhooks/none/hook", "/webhooks/acme", "/webhooks/")) {
      assertThat(edge.call("POST", path, null, "{}").statusCode()).as(path).isEqualTo(404);
    }
    assertThat(edge.webhooks).isEmpty();
  }

  @Test
  void method_otherThanGetAndPost() {
    for (String method : List.of("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")) {
      var answer = edge.call(method, "/webhooks/acme/hook", null, null);

      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).hasValue("GET, POST");
    }
    assertThat(edge.webhooks).isEmpty();
  }

  @Test
  void outcome_becomesTheStatusThePlatformUnderstands() {
    edge.intake = r -> Future.failedFuture(WebhookRejected.unauthenticated("signature differs"));
    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(401);

    edge.intake = r -> Future.failedFuture(WebhookRejected.malformed("no id"));
    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(400);

    edge.intake = r -> Future.failedFuture(new StoreUnavailableException("down", true, null));
    var refused = edge.call("POST", "/webhooks/acme/hook", null, "{}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();

    edge.intake = r -> Future.failedFuture(new IllegalStateException("secret detail"));
    var failed = edge.call("POST", "/webhooks/acme/hook", null, "{}");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("secret detail");
  }

  @Test
  void intake_throws() {
    edge.intake =
        request -> {
          throw new IllegalStateException("a connector broke its contract");
        };

    for (int i = 0; i < EdgeFixture.LIMITS.inFlightWebhooks() + 1; i++) {
      assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(500);
    }
  }

  /** What an alarm about refused messages counts. */
  @Test
  void intake_full_isRefusedAndCounted() {
    Promise<WebhookAnswer> later = Promise.promise();
    edge.intake = request -> later.future();
    int room = EdgeFixture.LIMITS.inFlightWebhooks();
    List<RawClient> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < room; i++) {
        RawClient client = new RawClient(edge.port);
        waiting.add(client);
        client.write("POST /webhooks/acme/hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
      }
      Awaitility.await().until(() -> edge.webhooks.size() == room);

      assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(503);

      assertThat(
              edge.registry
                  .counter(
                      "frontdesk_intake",
                      "workspace",
                      "acme",
                      "channel",
                      "hook",
                      "outcome",
                      "refused")
                  .count())
          .isEqualTo(1);
    } finally {
      later.fail("the test is over");
      waiting.forEach(RawClient::close);
    }
  }
}
