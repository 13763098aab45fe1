// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deadline between two gateways and a real Redis: scenarios 1 and 2. */
class PromiseScenariosTest {

  private static final int CONVERSATIONS = 16;

  @TempDir static Path folder;
  private static ExecutorService agents;
  private static Vertx vertx;
  private static Fleet fleet;
  private static FakePlatform platform;

  @BeforeAll
  static void start() {
    agents = Executors.newFixedThreadPool(CONVERSATIONS);
    vertx = Vertx.vertx();
    platform =
        TestGateway.await(
            FakePlatform.start(
                vertx,
                Clock.systemUTC(),
                List.of(new WebhookReceiver(Secret.of(TestGateway.SECRET)))));
    fleet =
        new Fleet(
            folder,
            2,
            new DeskYaml().capacity(100).firstResponse("2s").sendUrl(platform.url("webhook")));
    fleet.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
  }

  @AfterAll
  static void stop() {
    agents.shutdownNow();
    fleet.close();
    TestGateway.await(vertx.close());
  }

  private static JsonNode assigned(String contact, int node) {
    fleet.send(node, fleet.text(contact, contact, "hello"));
    String id = fleet.conversationOf(contact).path("id").asText();
    ApiClient.Answer answer =
        fleet
            .node(node + 1)
            .as("sue")
            .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body();
  }

  private static JsonNode first(JsonNode conversation) {
    return conversation.path("clocks").path("firstResponse");
  }

  private static double verdicts(String verdict) {
    return fleet.metric("frontdesk_first_response_total", "verdict=\"" + verdict + "\"");
  }

  private static Instant time(JsonNode clock, String field) {
    return Instant.parse(clock.path(field).asText());
  }

  private static int replies(JsonNode conversation, int node, String key) {
    return fleet
        .node(node)
        .as("alice")
        .post(
            "/api/v1/conversations/" + conversation.path("id").asText() + "/messages",
            Map.of("text", "here", "epoch", conversation.path("epoch").asLong()),
            key)
        .status();
  }

  private static List<JsonNode> breaches(JsonNode conversation) {
    List<JsonNode> lines = new ArrayList<>();
    fleet
        .as("sue")
        .get("/api/v1/conversations/" + conversation.path("id").asText() + "/events")
        .body()
        .path("events")
        .forEach(lines::add);
    return lines.stream().filter(line -> line.path("what").asText().equals("breached")).toList();
  }

  private static JsonNode now(String contact) {
    return fleet.conversationOf(contact);
  }

  private static void awaitState(String contact, String state) {
    Awaitility.await(contact + " is " + state)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> first(now(contact)).path("state").asText().equals(state));
  }

  /**
   * Answers from 60 ms before to 60 ms after the deadline, on either gateway, while one of the two
   * fires the timers: the time at which the answer was accepted decides, and it decides once.
   */
  @Test
  void scenario1_repliesRacingTheTimersOfTwoGateways_haveOneVerdictEach_byTheTimeOfAcceptance() {
    double metBefore = verdicts("met");
    double breachedBefore = verdicts("breached");
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int n = 0; n < CONVERSATIONS; n++) {
      int node = n;
      JsonNode conversation = assigned("s1-" + n, n);
      Duration lead = Duration.ofMillis(60L - 8L * n);
      Duration wait = Duration.between(Fleet.now(), time(first(conversation), "dueAt")).minus(lead);
      Executor then =
          CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, agents);
      answers.add(
          CompletableFuture.supplyAsync(() -> replies(conversation, node, "s1-" + node), then));
    }
    assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(201);

    int met = 0;
    for (int n = 0; n < CONVERSATIONS; n++) {
      JsonNode conversation = now("s1-" + n);
      JsonNode clock = first(conversation);
      boolean inTime = !time(clock, "endedAt").isAfter(time(clock, "dueAt"));
      met += inTime ? 1 : 0;
      assertThat(clock.path("state").asText()).isEqualTo(inTime ? "met" : "breached");
      assertThat(breaches(conversation)).as(clock.toString()).hasSize(inTime ? 0 : 1);
      assertThat(clock.path("overrunMs").asLong())
          .isEqualTo(
              inTime
                  ? 0
                  : Duration.between(time(clock, "dueAt"), time(clock, "endedAt")).toMillis());
    }
    System.getLogger("scenario 1").log(System.Logger.Level.INFO, "met {0} of 16", met);
    assertThat(verdicts("met") - metBefore).isEqualTo(met);
    assertThat(verdicts("breached") - breachedBefore).isEqualTo(CONVERSATIONS - met);
  }

  /** The platform fails it later, on the other gateway: the original deadline counts again. */
  @Test
  void scenario1_replyThatFailsAfterTheDeadline_isBreachedByTheOriginalDeadline() {
    JsonNode conversation = assigned("s1-lost", 0);
    Instant due = time(first(conversation), "dueAt");
    assertThat(replies(conversation, 0, "s1-lost")).isEqualTo(201);
    assertThat(first(now("s1-lost")).path("state").asText()).isEqualTo("met");
    Awaitility.await("the platform took it, and the deadline passed")
        .until(
            () ->
                platform.sent("webhook").stream().anyMatch(s -> s.contact().equals("s1-lost"))
                    && Fleet.now().isAfter(due.plusMillis(50)));
    assertThat(breaches(conversation)).isEmpty();

    Awaitility.await("the platform says that it failed")
        .until(
            () -> {
              fleet.send(1, failed("ext-" + conversation.path("id").asText() + ".2"));
              return first(now("s1-lost")).path("state").asText().equals("breached");
            });

    assertThat(time(first(now("s1-lost")), "dueAt")).isEqualTo(due);
    assertThat(breaches(conversation))
        .extracting(line -> line.path("details").path("cause").asText())
        .containsExactly("delivery-failed");
  }

  private static InboundSample failed(String target) {
    return fleet.event(
        String.format(
            Locale.ROOT,
            """
            {"id":"s1-failed","type":"receipt","target":"%s","status":"failed",
             "contact":{"id":"s1-lost"}}
            """,
            target));
  }

  /**
   * Chatwoot sees a breach at its next tick, Intercom at the next answer: ours is there at once.
   */
  @Test
  void scenario2_breachIsToldByTheDeadline_onBothGateways_andStandsAfterTheAnswer() {
    double breachedBefore = verdicts("breached");
    double metBefore = verdicts("met");
    JsonNode conversation = assigned("s2", 0);
    Instant due = time(first(conversation), "dueAt");
    String path = "/api/v1/conversations/" + conversation.path("id").asText();

    awaitState("s2", "breached");
    for (int node = 0; node < 2; node++) {
      JsonNode seen = fleet.node(node).as("sue").get(path).body();
      assertThat(first(seen).path("state").asText()).isEqualTo("breached");
      assertThat(first(seen).path("endedAt").isNull()).isTrue();
    }
    List<JsonNode> told = breaches(conversation);
    assertThat(told).hasSize(1);
    assertThat(Instant.parse(told.get(0).path("at").asText())).as("never early").isAfter(due);
    assertThat(replies(conversation, 1, "s2")).isEqualTo(201);
    assertThat(fleet.node(1).as("alice").post(path + "/resolve", Map.of()).status()).isEqualTo(200);

    JsonNode clock = first(now("s2"));
    assertThat(clock.path("state").asText()).isEqualTo("breached");
    assertThat(clock.path("overrunMs").asLong())
        .isEqualTo(Duration.between(due, time(clock, "endedAt")).toMillis())
        .isPositive();
    assertThat(breaches(conversation)).isEqualTo(told);
    assertThat(verdicts("breached") - breachedBefore).isOne();
    assertThat(verdicts("met")).isEqualTo(metBefore);
  }
}
