// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks on a whole gateway with real Redis: scenarios 1, 2 and 19 seen through the API. */
class ClockScenariosLiveTest {

  @TempDir private Path folder;

  private TestGateway gateway(String promise) {
    return new TestGateway(
        TestGateway.yaml(folder, "", "")
            .replace("normal: { firstResponse: 4h }", "normal: { " + promise + " }"));
  }

  /** One customer message, taken by alice; the conversation. */
  private static JsonNode taken(TestGateway gateway) {
    ApiClient alice = gateway.as("alice");
    alice.put("/api/v1/agent/presence", Map.of("presence", "available"));
    gateway.message("u1", "m1", "hello");
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              alice.post("/api/v1/queue/take", Map.of(), "take-" + System.nanoTime());
              return state(gateway).equals("assigned") || accepts(gateway, alice);
            });
    return conversation(gateway);
  }

  private static boolean accepts(TestGateway gateway, ApiClient alice) {
    for (JsonNode change : alice.get("/api/v1/agent/conversations?wait=0").body().path("changes")) {
      String offer = change.path("offer").path("id").asText("");
      if (!offer.isEmpty()) {
        String id = change.path("conversation").path("id").asText();
        alice.post("/api/v1/conversations/" + id + "/accept", Map.of("offer", offer));
      }
    }
    return state(gateway).equals("assigned");
  }

  private static String state(TestGateway gateway) {
    return conversation(gateway).path("state").asText();
  }

  private static JsonNode conversation(TestGateway gateway) {
    return gateway.as("sue").get("/api/v1/conversations").body().path("conversations").path(0);
  }

  private static JsonNode clock(TestGateway gateway, String name) {
    return conversation(gateway).path("clocks").path(name);
  }

  private static void replies(TestGateway gateway, JsonNode conversation) {
    ApiClient.Answer answer =
        gateway
            .as("alice")
            .post(
                "/api/v1/conversations/" + conversation.path("id").asText() + "/messages",
                Map.of("text", "here", "epoch", conversation.path("epoch").asLong()),
                "r" + System.nanoTime());
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
  }

  private static JsonNode events(TestGateway gateway) {
    String id = conversation(gateway).path("id").asText();
    return gateway.as("sue").get("/api/v1/conversations/" + id + "/events").body();
  }

  private static Instant time(JsonNode clock, String field) {
    return Instant.parse(clock.path(field).asText());
  }

  @Test
  void scenario1_answerBeforeTheDeadline_isMet_andTheTimerAfterItDoesNothing() {
    try (TestGateway gateway = gateway("firstResponse: 3s")) {
      JsonNode conversation = taken(gateway);
      Instant due = time(clock(gateway, "firstResponse"), "dueAt");
      Awaitility.await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> !gateway.gateway().store().clock("acme").now().isBefore(due.minusMillis(300)));

      replies(gateway, conversation);
      Awaitility.await()
          .until(() -> gateway.gateway().store().clock("acme").now().isAfter(due.plusMillis(300)));

      JsonNode clock = clock(gateway, "firstResponse");
      assertThat(clock.path("state").asText()).isEqualTo("met");
      assertThat(time(clock, "endedAt")).isBeforeOrEqualTo(due);
      assertThat(events(gateway).toString()).doesNotContain("breached");
    }
  }

  @Test
  void scenario2_breachIsThereAtTheDeadline_andTheLateAnswerOnlyAddsTheOverrun() {
    try (TestGateway gateway = gateway("firstResponse: 2s, nextResponse: 1s, resolution: 1h")) {
      JsonNode conversation = taken(gateway);
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> clock(gateway, "firstResponse").path("state").asText().equals("breached"));
      assertThat(clock(gateway, "firstResponse").path("endedAt").isNull()).isTrue();

      replies(gateway, conversation);

      JsonNode clock = clock(gateway, "firstResponse");
      assertThat(clock.path("state").asText()).isEqualTo("breached");
      assertThat(clock.path("overrunMs").asLong())
          .isEqualTo(Duration.between(time(clock, "dueAt"), time(clock, "endedAt")).toMillis())
          .isPositive();
      assertThat(clock(gateway, "resolution").path("state").asText()).isEqualTo("running");
      gateway.message("u1", "m2", "and then?");
      Awaitility.await()
          .until(() -> clock(gateway, "nextResponse").path("state").asText().equals("breached"));
    }
  }

  @Test
  void scenario19_pausedResolution_showsWhatIsLeft_untilTheCustomerWrites() {
    try (TestGateway gateway = gateway("firstResponse: 1h, nextResponse: 1h, resolution: 8h")) {
      JsonNode conversation = taken(gateway);
      String pause = "/api/v1/conversations/" + conversation.path("id").asText() + "/pause";
      assertThat(gateway.as("alice").post(pause, Map.of("on", "customer")).status()).isEqualTo(409);
      replies(gateway, conversation);

      assertThat(gateway.as("alice").post(pause, Map.of("on", "customer")).status()).isEqualTo(200);
      JsonNode paused = clock(gateway, "resolution");
      gateway.message("u1", "m2", "here it is");

      assertThat(paused.path("state").asText()).isEqualTo("paused");
      assertThat(paused.path("remainingMs").asLong())
          .isBetween(Duration.ofHours(7).toMillis(), Duration.ofHours(8).toMillis());
      JsonNode resumed = clock(gateway, "resolution");
      assertThat(resumed.path("state").asText()).isEqualTo("running");
      assertThat(resumed.path("remainingMs").isNull()).isTrue();
      assertThat(time(resumed, "dueAt")).isAfterOrEqualTo(time(paused, "dueAt"));
      assertThat(clock(gateway, "nextResponse").path("state").asText()).isEqualTo("running");
    }
  }
}
