// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.event.EventReceiver.Fault;
import dev.frontdesk.gateway.fault.OwnRedis;
import dev.frontdesk.gateway.store.RedisKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events to another system, over real sockets and a real Redis, with a receiver that misbehaves.
 */
class OutgoingEventsTest {

  private static final String ALL =
      "conversation.opened, message.received, conversation.assigned, conversation.resolved";

  private final EventReceiver receiver = new EventReceiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private String endpoint(String more) {
    return "    events: { crm: { url: \""
        + receiver.url()
        + "\", secret: "
        + EventReceiver.SECRET
        + ", events: ["
        + ALL
        + "]"
        + more
        + " } }\n";
  }

  private static String conversation(ApiClient supervisor) {
    return supervisor.get("/api/v1/conversations").body().at("/conversations/0/id").asText();
  }

  private static void settle(Runnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion::run);
  }

  private static List<JsonNode> letters(TestGateway gateway) {
    JsonNode all = gateway.as("olga").get("/api/v1/dead-letters").body().path("deadLetters");
    return IntStream.range(0, all.size()).mapToObj(all::get).toList();
  }

  @Test
  void events_ofAConversation_arriveSignedAndInOrder(@TempDir Path folder) {
    try (TestGateway gateway = new TestGateway(folder, "", endpoint(""))) {
      assertThat(gateway.message("u1", "m1", "hello")).isEqualTo(200);
      String id = conversation(gateway.as("sue"));
      assertThat(
              gateway
                  .as("sue")
                  .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"))
                  .status())
          .isEqualTo(409);
      gateway.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
      assertThat(
              gateway
                  .as("sue")
                  .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"))
                  .status())
          .isEqualTo(200);
      assertThat(
              gateway
                  .as("alice")
                  .post("/api/v1/conversations/" + id + "/resolve", Map.of())
                  .status())
          .isEqualTo(200);

      settle(
          () ->
              assertThat(receiver.types(id))
                  .containsExactly(
                      "conversation.opened",
                      "message.received",
                      "conversation.assigned",
                      "conversation.resolved"));
      assertThat(receiver.rejected()).isEmpty();
      JsonNode assigned = receiver.events().get(2);
      assertThat(assigned.at("/data/owner/id").asText()).isEqualTo("alice");
      assertThat(assigned.at("/data/state").asText()).isEqualTo("assigned");
      assertThat(assigned.at("/data/promise").asText()).isEqualTo("normal");
      assertThat(assigned.at("/data/dueAt").asText()).endsWith("Z");
      assertThat(assigned.toString()).doesNotContain("hello", "u1\"");
    }
  }

  /** Each fault repeats the event, with the same id; later ones of the conversation wait. */
  @Test
  void events_underFaults_arriveOnceEach_inOrder(@TempDir Path folder) {
    receiver.then(Fault.ERROR, Fault.TAKEN_THEN_RESET, Fault.SILENCE, Fault.ERROR);
    try (TestGateway gateway = new TestGateway(folder, "", endpoint(", timeout: 500ms"))) {
      for (int n = 0; n < 3; n++) {
        assertThat(gateway.message("u1", "m" + n, "hello")).isEqualTo(200);
        assertThat(gateway.message("u2", "x" + n, "hello")).isEqualTo(200);
      }

      settle(() -> assertThat(receiver.events()).hasSize(8));
      receiver.events().stream()
          .map(event -> event.at("/data/conversation").asText())
          .distinct()
          .forEach(
              id ->
                  assertThat(receiver.types(id))
                      .containsExactly(
                          "conversation.opened",
                          "message.received",
                          "message.received",
                          "message.received"));
      assertThat(receiver.calls()).as("8 events and 4 faults").isEqualTo(12);
      assertThat(letters(gateway)).isEmpty();
    }
  }

  @Test
  void event_givenUp_isADeadLetter_thatCanBeSentAgainOrForgotten(@TempDir Path folder) {
    receiver.then(Fault.GONE, Fault.GONE);
    try (TestGateway gateway = new TestGateway(folder, "", endpoint(", maxAttempts: 1"))) {
      assertThat(gateway.message("u1", "m1", "hello")).isEqualTo(200);
      settle(() -> assertThat(letters(gateway)).hasSize(2));
      JsonNode first = letters(gateway).get(0);
      assertThat(first.path("kind").asText()).isEqualTo("event");
      assertThat(first.path("endpoint").asText()).isEqualTo("crm");
      assertThat(first.path("reason").asText()).isEqualTo("the endpoint answered 410");
      assertThat(receiver.events()).isEmpty();

      String path = "/api/v1/dead-letters/" + first.path("id").asText();
      assertThat(gateway.as("olga").post(path + "/retry", Map.of()).status()).isEqualTo(202);

      settle(() -> assertThat(receiver.events()).hasSize(1));
      assertThat(receiver.events().get(0).path("type")).isEqualTo(first.path("type"));
      assertThat(letters(gateway)).hasSize(1);
      assertThat(gateway.as("olga").post(path + "/retry", Map.of()).status()).isEqualTo(404);
    }
  }

  /** Past its bound the endpoint's oldest become dead letters; past theirs they are counted. */
  @Test
  void events_pastTheirBound_areNeverLostSilently(@TempDir Path folder) {
    receiver.always(Fault.ERROR);
    String more = endpoint(", maxPending: 4") + "    outbox: { maxDeadLetters: 3 }\n";
    try (TestGateway gateway = new TestGateway(folder, "", more)) {
      for (int n = 0; n < 10; n++) {
        assertThat(gateway.message("u" + n, "m" + n, "hello")).isEqualTo(200);
      }

      settle(
          () -> {
            Map<String, String> counts = counts(gateway);
            long pending = Long.parseLong(counts.get("events|crm"));
            long lost = Long.parseLong(counts.getOrDefault("eventsLost|crm", "0"));
            assertThat(pending).isLessThanOrEqualTo(4);
            assertThat(letters(gateway)).hasSize(3);
            assertThat(pending + lost + 3).as("every event is accounted for").isEqualTo(20);
          });
    }
  }

  private static Map<String, String> counts(TestGateway gateway) {
    return TestGateway.await(gateway.gateway().store().hashAll(new RedisKeys("acme").gauges()));
  }

  /** G-02 for events: the gateway dies between the receiver's taking it and the commit. */
  @Test
  void gatewayKilled_betweenSendAndCommit_sendsAgainWithTheSameId(@TempDir Path folder) {
    try (OwnRedis redis = new OwnRedis(folder)) {
      receiver.then(Fault.SILENCE);
      TestGateway dying =
          new TestGateway(folder.resolve("a"), redis.url(), endpoint(", timeout: 3s"));
      assertThat(dying.message("u1", "m1", "hello")).isEqualTo(200);
      settle(() -> assertThat(receiver.calls()).isEqualTo(1));
      dying.kill();

      try (TestGateway next =
          new TestGateway(folder.resolve("b"), redis.url(), endpoint(", timeout: 3s"))) {
        settle(() -> assertThat(receiver.events()).hasSize(2));
        assertThat(letters(next)).isEmpty();
      }
      assertThat(receiver.calls()).isEqualTo(3);
    }
  }
}
