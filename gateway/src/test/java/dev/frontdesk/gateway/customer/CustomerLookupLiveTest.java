// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static dev.frontdesk.gateway.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code customers.lookup} on a whole gateway with real Redis, asked over a real socket. */
class CustomerLookupLiveTest {

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> lookedUp = new CopyOnWriteArrayList<>();
  private final List<String> unsigned = new CopyOnWriteArrayList<>();
  private final Promise<Void> classifierAsked = Promise.promise();
  private final Promise<Void> lookupAsked = Promise.promise();
  private HttpServer server;

  @BeforeEach
  void listen() {
    server = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              String contact = body.toJsonObject().getJsonObject("contact").getString("id");
              verify(request, body, contact);
              if (request.path().equals("/classify")) {
                classifierAsked.tryComplete();
                // not before the lookup was asked too: they are asked at once, or not at all
                lookupAsked.future().onSuccess(both -> request.response().end("{}"));
                return;
              }
              lookedUp.add(contact);
              lookupAsked.tryComplete();
              if (contact.startsWith("gold")) {
                JsonObject found =
                    new JsonObject()
                        .put("id", "crm-7")
                        .put("tier", "gold")
                        .put("name", "Uma of the CRM")
                        .put("attributes", new JsonObject().put("region", "north"));
                request.response().end(found.toBuffer());
              } else if (contact.startsWith("both")) {
                classifierAsked
                    .future()
                    .onSuccess(
                        both ->
                            request
                                .response()
                                .end(new JsonObject().put("tier", "gold").toBuffer()));
              } else if (contact.startsWith("bad")) {
                request.response().end("no json");
              } else if (!contact.startsWith("silent")) {
                request.response().setStatusCode(404).end();
              }
            });
  }

  private void verify(HttpServerRequest request, Buffer body, String contact) {
    Map<String, List<String>> headers =
        Map.of(
            "webhook-id", List.of(request.getHeader("webhook-id")),
            "webhook-timestamp", List.of(request.getHeader("webhook-timestamp")),
            "webhook-signature", List.of(String.valueOf(request.getHeader("webhook-signature"))));
    try {
      new StandardWebhooks(Secret.of(TestGateway.SECRET))
          .verify(
              new WebhookRequest("POST", "", "", Map.of(), headers, body),
              Clock.systemUTC().instant());
    } catch (WebhookRejected e) {
      unsigned.add(contact);
    }
  }

  private CustomerDesk desk(String lookup, String more) {
    return new CustomerDesk(
        folder,
        1,
        "    customers: { lookup: { url: \"http://127.0.0.1:"
            + server.actualPort()
            + "/lookup\", secret: "
            + TestGateway.SECRET
            + lookup
            + " } }\n"
            + more);
  }

  private static JsonObject thread(String name) {
    return new JsonObject().put("thread", name);
  }

  @Test
  void lookup_isSigned_countsForTheTier_andIsKept() {
    try (CustomerDesk desk = desk(", timeout: 1s", "")) {
      // a cold client may need longer than its time for the first question
      Awaitility.await()
          .until(
              () -> {
                String contact = "gold" + System.nanoTime();
                desk.message(0, "hook", contact, contact);
                return desk.of("hook", contact).path("promise").asText().equals("gold");
              });
      lookedUp.clear();
      desk.message(0, "hook", "gold-1", "a1");
      desk.message(0, "hook", "gold-1", "a2", thread("t2"));
      desk.message(0, "hook", "nobody", "b1", CustomerDesk.tier("silver"));
      desk.message(0, "hook", "nobody", "b2", thread("t2"));

      JsonNode first = desk.of("hook", "gold-1");
      assertThat(desk.conversations("&customer=" + first.at("/customer/id").asText())).hasSize(2);
      for (JsonNode one : desk.conversations("&channel=hook")) {
        if (one.at("/contact/externalId").asText().equals("gold-1")) {
          assertThat(one.path("promise").asText()).isEqualTo("gold");
          assertThat(one.path("category").asText()).isEqualTo("usage");
          assertThat(one.at("/customer/name").asText()).isEqualTo("Uma of the CRM");
          assertThat(one.at("/customer/id").asText()).as("nobody is linked").isNotEqualTo("crm-7");
        }
      }
      assertThat(desk.conversations("&customer=" + customer(desk, "nobody")))
          .anyMatch(one -> one.path("promise").asText().equals("creation"));
      assertThat(lookedUp).as("each once, a miss too").containsExactly("gold-1", "nobody");
      assertThat(unsigned).isEmpty();

      // what an operator told is not asked about, and what is erased is asked about again
      desk.call(0, "olga", "PUT", "/customers/c-1", CustomerDesk.customer("none", "hook/gold-2"));
      desk.message(0, "hook", "gold-2", "c1");
      assertThat(desk.of("hook", "gold-2").path("promise").asText()).isEqualTo("normal");
      assertThat(lookedUp).doesNotContain("gold-2");
      assertThat(
              desk.call(0, "olga", "DELETE", "/customers/" + customer(desk, "gold-1"), null)
                  .status())
          .isEqualTo(204);
      assertThat(desk.everything().toString()).doesNotContain("gold-1");
      desk.message(0, "hook", "gold-1", "a3");
      assertThat(lookedUp).containsExactly("gold-1", "nobody", "gold-1");
    }
  }

  private static String customer(CustomerDesk desk, String contact) {
    return desk.of("hook", contact).at("/customer/id").asText();
  }

  @Test
  void classifierAndLookup_areAskedAtOnce() {
    String classifier =
        "    classifier: { url: \"http://127.0.0.1:"
            + server.actualPort()
            + "/classify\", timeout: 1s, secret: "
            + TestGateway.SECRET
            + " }\n";
    try (CustomerDesk desk = desk(", timeout: 1s", classifier)) {
      Awaitility.await()
          .until(
              () -> {
                String contact = "both" + System.nanoTime();
                desk.message(0, "hook", contact, contact);
                return desk.of("hook", contact).path("promise").asText().equals("gold");
              });

      assertThat(classifierAsked.future().isComplete()).isTrue();
    }
  }

  @Test
  void silentOrBrokenLookup_letsTheMessageIn_withoutATier_andRests() {
    try (CustomerDesk desk = desk(", timeout: 100ms, failures: 2, rest: 1h", "")) {
      desk.message(0, "hook", "silent-1", "a1", CustomerDesk.tier("silver"));
      desk.message(0, "hook", "bad-1", "a2");
      int asked = lookedUp.size();
      desk.message(0, "hook", "gold-1", "a3");

      assertThat(desk.of("hook", "silent-1").path("promise").asText()).isEqualTo("creation");
      assertThat(desk.of("hook", "silent-1").at("/customer/tier").asText()).isEqualTo("silver");
      assertThat(desk.of("hook", "bad-1").path("promise").asText()).isEqualTo("normal");
      assertThat(desk.of("hook", "gold-1").path("promise").asText()).isEqualTo("normal");
      assertThat(lookedUp).as("it rests").hasSize(asked);
      assertThat(desk.everything().keySet()).noneMatch(key -> key.contains("}:cl:"));
    }
  }
}
