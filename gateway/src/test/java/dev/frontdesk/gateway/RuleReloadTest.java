// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that change while conversations wait, and a program that advises when one opens. */
class RuleReloadTest {

  @TempDir private Path folder;

  @Test
  void waitingConversations_areTriagedOnceMoreByTheNewRules() {
    String yaml = TestGateway.yaml(folder, "", "");
    String other =
        TestGateway.yaml(folder, "", "    words: { fire: [on fire] }")
            .replace(
                "triage: [ {",
                "triage: [ { when: words.fire, set: { promise: urgent, priority: 1 } }, {");
    try (TestGateway gateway = new TestGateway(yaml)) {
      gateway.message("u1", "m1", "it is ON FIRE");
      gateway.message("u1", "m2", "hello?");
      gateway.message("u2", "m3", "urgent: take your time");
      String id = conversation(gateway, "hello?").path("id").asText();
      assertThat(promise(gateway, id)).isEqualTo("normal");

      gateway.reload(other);

      Awaitility.await().untilAsserted(() -> assertThat(promise(gateway, id)).isEqualTo("urgent"));
      JsonNode line = event(gateway, id, "triaged-again");
      assertThat(line.toString()).contains("\"rules\":\"priority:triage[0] promise:triage[0]\"");
      assertThat(conversation(gateway, "urgent").path("version").asInt()).isEqualTo(1);

      gateway.message("u3", "m4", "also on fire, and urgent");
      String third = conversation(gateway, "also").path("id").asText();
      assertThat(event(gateway, third, "opened").toString())
          .contains("\"rules\":\"priority:triage[0] promise:triage[0]\"");
    }
  }

  @Test
  void classifier_isAskedOncePerOpening_andFillsWhatNoRuleSets() {
    Vertx vertx = Vertx.vertx();
    AtomicInteger asked = new AtomicInteger();
    HttpServer program =
        TestGateway.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      asked.incrementAndGet();
                      request
                          .response()
                          .end("{\"promise\":\"normal\",\"category\":\"fault\",\"priority\":4}");
                    })
                .listen(0, "127.0.0.1"));
    String line =
        "    classifier: { url: \"http://127.0.0.1:"
            + program.actualPort()
            + "/\", secret: "
            + TestGateway.SECRET
            + ", timeout: 1s, failures: 1000 }";
    try (TestGateway gateway = new TestGateway(TestGateway.yaml(folder, "", line))) {
      AtomicInteger tries = new AtomicInteger();
      Awaitility.await("a client that is no longer cold")
          .until(
              () -> {
                String text = "warm-up " + tries.incrementAndGet();
                gateway.message(text, text, text);
                return conversation(gateway, text).path("category").asText().equals("fault");
              });
      asked.set(0);

      gateway.message("u1", "m1", "urgent");
      gateway.message("u1", "m2", "more");
      gateway.message("u1", "m1", "urgent");

      JsonNode conversation = conversation(gateway, "more");
      assertThat(asked).hasValue(1);
      assertThat(conversation.path("promise").asText()).isEqualTo("urgent");
      assertThat(conversation.path("category").asText()).isEqualTo("fault");
      assertThat(conversation.path("priority").asInt()).isEqualTo(4);
      assertThat(event(gateway, conversation.path("id").asText(), "opened").toString())
          .contains("\"rules\":\"category:classifier priority:classifier promise:triage[0]\"");
    } finally {
      TestGateway.await(vertx.close());
    }
  }

  private static JsonNode conversation(TestGateway gateway, String preview) {
    for (JsonNode one :
        gateway.as("sue").get("/api/v1/conversations").body().path("conversations")) {
      if (one.path("preview").asText().startsWith(preview)) {
        return one;
      }
    }
    throw new AssertionError("no conversation shows '" + preview + "'");
  }

  private static String promise(TestGateway gateway, String id) {
    return gateway.as("sue").get("/api/v1/conversations/" + id).body().path("promise").asText();
  }

  private static JsonNode event(TestGateway gateway, String id, String what) {
    JsonNode body = gateway.as("sue").get("/api/v1/conversations/" + id + "/events").body();
    for (JsonNode one : body.path("events")) {
      if (one.toString().contains("\"" + what + "\"")) {
        return one;
      }
    }
    throw new AssertionError("no '" + what + "' in " + body);
  }
}
