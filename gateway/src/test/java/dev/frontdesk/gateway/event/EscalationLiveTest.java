// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.fault.OwnRedis;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ladders, supplier clocks and follow-ups on whole gateways with real Redis. */
class EscalationLiveTest {

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<JsonObject> sent = new CopyOnWriteArrayList<>();
  private HttpServer platform;

  /** Takes what is sent on channel {@code ops}. */
  @BeforeEach
  void listen() {
    platform =
        TestGateway.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  sent.add(body.toJsonObject());
                                  request.response().end("{}");
                                }))
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    TestGateway.await(vertx.close());
  }

  /** {@code promise}: what the promise {@code normal} has, in flow style. */
  private String yaml(String data, String redisUrl, String promise, String more) {
    return TestGateway.yaml(folder.resolve(data), redisUrl, more)
        .replace("normal: { firstResponse: 4h }", "normal: { " + promise + " }")
        .replace("role: supervisor }", "role: supervisor, queues: [support], capacity: 1 }")
        .replace(
            "      hook: {",
            String.format(
                Locale.ROOT,
                "      ops: { connector: webhook, settings: { secret: %s, sendUrl:"
                    + " \"http://127.0.0.1:%d/\" } }%n      hook: {",
                TestGateway.SECRET,
                platform.actualPort()));
  }

  private static void settle(Runnable assertion) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(assertion::run);
  }

  private static JsonNode conversation(TestGateway gateway, String contact) {
    for (JsonNode one :
        gateway.as("sue").get("/api/v1/conversations?limit=200").body().path("conversations")) {
      if (one.at("/contact/externalId").asText().equals(contact)) {
        return one;
      }
    }
    throw new AssertionError("no conversation of " + contact);
  }

  private static String path(TestGateway gateway, String contact, String command) {
    return "/api/v1/conversations/" + conversation(gateway, contact).path("id").asText() + command;
  }

  /** The lines of the history that tell of levels. */
  private static List<String> levels(TestGateway gateway, String contact) {
    List<String> levels = new ArrayList<>();
    for (JsonNode line :
        gateway.as("sue").get(path(gateway, contact, "/events")).body().path("events")) {
      if (line.path("what").asText().equals("escalated")) {
        levels.add(line.at("/details/level").asText() + " " + line.at("/details/to").asText());
      }
    }
    return levels;
  }

  @Test
  void ladder_isClimbed_toEveryKindOfTarget_untilAPersonAcknowledges() {
    try (EventReceiver crm = new EventReceiver()) {
      String ladder =
          "firstResponse: 1s, escalation: ["
              + "{ after: warning, to: { supervisor: sue } },"
              + "{ to: { group: support } },"
              + "{ delay: 200ms, to: { event: crm } },"
              + "{ delay: 400ms, to: { channel: ops, contact: boss,"
              + " text: \"{promise} {level} {owner}\" } },"
              + "{ delay: 1h, to: { supervisor: sue } } ]";
      String endpoint =
          "    events: { crm: { url: \""
              + crm.url()
              + "\", secret: "
              + EventReceiver.SECRET
              + ", events: [conversation.closed] } }";
      try (TestGateway gateway = new TestGateway(yaml("data", "", ladder, endpoint));
          LiveView view = new LiveView(gateway.url(), "sue", "")) {
        ApiClient sue = gateway.as("sue");
        String cursor =
            sue.get("/api/v1/agent/conversations?wait=0").body().path("cursor").asText();
        settle(() -> assertThat(view.figures()).isNotEmpty());

        gateway.message("u1", "m1", "hello");

        settle(() -> assertThat(sent).hasSize(1));
        assertThat(levels(gateway, "u1"))
            .containsExactly("1 supervisor:sue", "2 group:support", "3 event:crm", "4 channel:ops");
        settle(
            () ->
                assertThat(view.types().stream().filter("promise.escalated"::equals).count())
                    .isEqualTo(4));
        settle(() -> assertThat(crm.events()).hasSize(1));
        assertThat(crm.events().get(0).at("/data/details/level").asText()).isEqualTo("3");
        assertThat(sent.get(0).getJsonObject("contact").getString("externalId", ""))
            .as(sent.get(0).encode())
            .isIn("boss", "");
        assertThat(sent.get(0).encode()).contains("normal 4 nobody").contains("boss");
        JsonNode changes =
            sue.get("/api/v1/agent/conversations?wait=0&cursor=" + cursor).body().path("changes");
        assertThat(changes.findValuesAsText("reason")).containsExactly("escalated", "escalated");

        String acknowledge = path(gateway, "u1", "/escalation/acknowledge");
        assertThat(gateway.as("alice").post(acknowledge, Map.of()).status()).isEqualTo(403);
        assertThat(conversation(gateway, "u1").at("/escalation/nextAt").isTextual()).isTrue();
        ApiClient.Answer taken = sue.post(acknowledge, Map.of());
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().at("/escalation/acknowledgedBy").asText()).isEqualTo("sue");
        assertThat(taken.body().at("/escalation/level").asInt()).isEqualTo(4);
        assertThat(taken.body().at("/escalation/nextAt").isNull()).isTrue();
        assertThat(sue.post(acknowledge, Map.of()).status()).isEqualTo(200);
        settle(() -> assertThat(view.types()).endsWith("promise.acknowledged"));
        JsonNode notice = conversation(gateway, "boss");
        assertThat(notice.path("state").asText()).isEqualTo("resolved");
        assertThat(notice.at("/clocks/firstResponse").isNull()).isTrue();
      }
    }
  }

  @Test
  void acknowledge_beforeAnyLevel_isRefused_andWithoutALadderToo() {
    try (TestGateway gateway =
        new TestGateway(
            yaml(
                "data",
                "",
                "firstResponse: 1h, escalation: [ { to: { supervisor: sue } } ]",
                ""))) {
      gateway.message("u1", "m1", "hello");
      gateway.message("u2", "m2", "urgent");

      assertThat(
              gateway
                  .as("sue")
                  .post(path(gateway, "u1", "/escalation/acknowledge"), Map.of())
                  .status())
          .isEqualTo(409);
      assertThat(
              gateway
                  .as("sue")
                  .post(path(gateway, "u2", "/escalation/acknowledge"), Map.of())
                  .status())
          .isEqualTo(409);
      assertThat(conversation(gateway, "u1").at("/escalation/level").asInt()).isZero();
      assertThat(conversation(gateway, "u2").has("escalation")).isFalse();
    }
  }

  /** The gateway that would tell the level is killed before it is due: the other one tells it. */
  @Test
  void level_ofAKilledGateway_isToldOnce_byTheOther() {
    String ladder =
        "firstResponse: 2s, escalation: ["
            + "{ delay: 1s, to: { channel: ops, contact: boss } },"
            + "{ delay: 1s, to: { supervisor: sue } } ]";
    try (OwnRedis redis = new OwnRedis(folder)) {
      TestGateway one = new TestGateway(yaml("one", redis.url(), ladder, ""));
      assertThat(one.message("u1", "m1", "hello")).isEqualTo(200);
      try (TestGateway two = new TestGateway(yaml("two", redis.url(), ladder, ""))) {
        Instant due = Instant.parse(conversation(two, "u1").at("/escalation/nextAt").asText());
        one.kill();

        settle(() -> assertThat(sent).hasSize(1));

        assertThat(two.gateway().store().clock("acme").now()).isAfterOrEqualTo(due);
        Awaitility.await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(15))
            .until(() -> sent.size() == 1 && levels(two, "u1").size() == 2);
        assertThat(levels(two, "u1")).containsExactly("1 channel:ops", "2 supervisor:sue");
      }
    }
  }

  /** What the contact was told, as it is stored: how often a platform sees it is the outbox's. */
  private static List<String> noticed(TestGateway gateway) {
    List<String> texts = new ArrayList<>();
    for (JsonNode message :
        gateway
            .as("sue")
            .get(path(gateway, "boss", "/messages?limit=200"))
            .body()
            .path("messages")) {
      texts.add(message.at("/content/text").asText());
    }
    return texts;
  }

  /** Both are alive and both fire what is due for a while: still once. */
  @Test
  void levels_ofManyConversations_areToldOnceEach_thoughAGatewayDiesMeanwhile() {
    String ladder =
        "firstResponse: 3s, escalation: [ { to: { channel: ops, contact: boss } },"
            + " { delay: 1s, to: { supervisor: sue } } ]";
    int many = 60;
    try (OwnRedis redis = new OwnRedis(folder)) {
      TestGateway one = new TestGateway(yaml("one", redis.url(), ladder, ""));
      try (TestGateway two = new TestGateway(yaml("two", redis.url(), ladder, ""))) {
        for (int i = 0; i < many; i++) {
          assertThat(two.message("u" + i, "m" + i, "hello")).isEqualTo(200);
        }
        Instant due =
            Instant.parse(conversation(two, "u0").at("/clocks/firstResponse/dueAt").asText());
        Awaitility.await()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> !two.gateway().store().clock("acme").now().isBefore(due.plusMillis(30)));

        one.kill();

        settle(() -> assertThat(noticed(two)).hasSizeGreaterThanOrEqualTo(many));
        settle(() -> assertThat(levels(two, "u" + (many - 1))).hasSize(2));
        assertThat(noticed(two)).doesNotHaveDuplicates().hasSize(many);
        for (int i = 0; i < many; i++) {
          assertThat(levels(two, "u" + i)).containsExactly("1 channel:ops", "2 supervisor:sue");
        }
      }
    }
  }

  private static void holds(TestGateway gateway, String contact) {
    ApiClient sue = gateway.as("sue");
    gateway.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
    assertThat(sue.post(path(gateway, contact, "/assign"), Map.of("agent", "alice")).status())
        .isEqualTo(200);
    ApiClient.Answer replied =
        gateway
            .as("alice")
            .post(
                path(gateway, contact, "/messages"),
                Map.of(
                    "text", "wait", "epoch", conversation(gateway, contact).path("epoch").asInt()),
                "r" + System.nanoTime());
    assertThat(replied.status()).as(replied.body().toString()).isEqualTo(201);
  }

  @Test
  void supplier_runsOutOfTime_andTheFollowUpComesBackToTheAgent() {
    String promise = "firstResponse: 1h, resolution: 8h, supplier: 500ms, followUp: 1h";
    try (TestGateway gateway = new TestGateway(yaml("data", "", promise, ""))) {
      gateway.message("u1", "m1", "hello");
      holds(gateway, "u1");
      ApiClient alice = gateway.as("alice");
      String cursor =
          alice.get("/api/v1/agent/conversations?wait=0").body().path("cursor").asText();
      Instant until = gateway.gateway().store().clock("acme").now().plusMillis(1_500);

      ApiClient.Answer paused =
          alice.post(
              path(gateway, "u1", "/pause"), Map.of("on", "supplier", "until", until.toString()));

      assertThat(paused.body().at("/clocks/supplier/state").asText()).isEqualTo("running");
      assertThat(paused.body().at("/clocks/resolution/state").asText()).isEqualTo("running");
      settle(
          () ->
              assertThat(conversation(gateway, "u1").at("/clocks/supplier/state").asText())
                  .isEqualTo("breached"));
      settle(
          () ->
              assertThat(conversation(gateway, "u1").at("/clocks/followUp/state").asText())
                  .isEqualTo("running"));
      JsonNode back = conversation(gateway, "u1");
      assertThat(back.path("state").asText()).isEqualTo("assigned");
      assertThat(back.at("/owner/id").asText()).isEqualTo("alice");
      assertThat(back.at("/clocks/firstResponse/state").asText()).isEqualTo("met");
      assertThat(Instant.parse(back.at("/clocks/followUp/dueAt").asText()))
          .isEqualTo(until.truncatedTo(java.time.temporal.ChronoUnit.MILLIS).plusSeconds(3600));
      assertThat(
              alice
                  .get("/api/v1/agent/conversations?wait=0&cursor=" + cursor)
                  .body()
                  .path("changes")
                  .findValuesAsText("reason"))
          .contains("paused", "supplier-breached", "follow-up");
      assertThat(
              gateway
                  .as("sue")
                  .get("/api/v1/reports/first-response?by=agent")
                  .body()
                  .at("/rows/0/breached")
                  .asInt())
          .as("nothing of it is alice's")
          .isZero();
      JsonNode supplier =
          gateway.as("sue").get("/api/v1/reports/clocks?clock=supplier").body().at("/rows/0");
      assertThat(supplier.path("breached").asInt()).isEqualTo(1);
      assertThat(supplier.path("met").asInt()).isZero();
      assertThat(supplier.path("share").asDouble()).isZero();
    }
  }

  @Test
  void followUp_ofAnAgentWhoIsGone_waitsInTheQueue() {
    try (TestGateway gateway =
        new TestGateway(yaml("data", "", "firstResponse: 1h, followUp: 1h", ""))) {
      gateway.message("u1", "m1", "hello");
      holds(gateway, "u1");
      Instant until = gateway.gateway().store().clock("acme").now().plusMillis(1_000);
      gateway
          .as("alice")
          .post(path(gateway, "u1", "/pause"), Map.of("on", "customer", "until", until.toString()));

      gateway.as("alice").put("/api/v1/agent/presence", Map.of("presence", "offline"));

      settle(
          () ->
              assertThat(conversation(gateway, "u1").path("state").asText()).isEqualTo("waiting"));
      assertThat(conversation(gateway, "u1").at("/clocks/followUp/state").asText())
          .isEqualTo("running");
    }
  }
}
