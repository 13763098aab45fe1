// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import static dev.frontdesk.gateway.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.domain.DeskTerms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.time.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutsideClassifierTest {

  private static final Secret KEY = Secret.of(TestGateway.SECRET);
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");
  private static final String SILENT = "silent";

  private final Vertx vertx = Vertx.vertx();
  private final List<OutsideClassifier.Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final List<JsonObject> asked = new CopyOnWriteArrayList<>();
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
  private volatile String answer = "{}";
  private HttpServer server;
  private OutsideClassifier classifier;

  @BeforeEach
  void listen() {
    server = await(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    classifier = classifier(Duration.ofSeconds(1), 3);
    Awaitility.await("the first question of a cold client").until(() -> ask(NOW) != null);
    outcomes.clear();
    asked.clear();
  }

  private OutsideClassifier classifier(Duration timeout, int inFlight) {
    return new OutsideClassifier(
        new FrontdeskConfig.Classifier(
            "http://127.0.0.1:" + server.actualPort() + "/classify?key=1",
            KEY,
            timeout,
            2,
            Duration.ofSeconds(30),
            inFlight),
        WebClient.create(vertx),
        new VertxScheduler(vertx),
        outcomes::add);
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              verify(request, body);
              asked.add(body.toJsonObject());
              if (answer.equals(SILENT)) {
                held.add(request);
              } else {
                request.response().setStatusCode(answer.isEmpty() ? 500 : 200).end(answer);
              }
            });
  }

  private static void verify(HttpServerRequest request, Buffer body) {
    Map<String, List<String>> headers =
        Map.of(
            "webhook-id", List.of(request.getHeader("webhook-id")),
            "webhook-timestamp", List.of(request.getHeader("webhook-timestamp")),
            "webhook-signature", List.of(request.getHeader("webhook-signature")));
    try {
      new StandardWebhooks(KEY).verify(signed(headers, body), NOW);
    } catch (WebhookRejected e) {
      throw new AssertionError(e);
    }
  }

  private static WebhookRequest signed(Map<String, List<String>> headers, Buffer body) {
    return new WebhookRequest("POST", "", "", Map.of(), headers, body);
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Triage.@Nullable Advice ask(Instant now) {
    return await(
        classifier.ask(
            "cls_1",
            "acme",
            new Triage.Subject(
                "mail", "email", "email", "u1", "Uma", "gold", Map.of(), "text", "help", "en", now),
            DeskTerms.terms(),
            now));
  }

  @Test
  void answer_becomesAdvice() {
    answer =
        """
        { "queue": "billing", "promise": "urgent", "priority": 2, "language": "de", "category": "complaint",
          "complaint": "price", "skills": { "refunds": 3 }, "tags": ["vip"], "score": 0.9 }
        """;

    assertThat(ask(NOW))
        .isEqualTo(
            new Triage.Advice(
                "billing",
                "urgent",
                2,
                Map.of("refunds", 3),
                "de",
                "complaint",
                "price",
                List.of("vip")));
    assertThat(outcomes).containsExactly(OutsideClassifier.Outcome.ANSWERED);
    assertThat(asked.get(0).getString("type")).isEqualTo("conversation.classify");
    assertThat(asked.get(0).getJsonObject("message").getString("text")).isEqualTo("help");
    assertThat(asked.get(0).getJsonObject("customer").getString("tier")).isEqualTo("gold");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"promise\": \"never\" }",
        "{ \"queue\": \"nowhere\", \"priority\": 2 }",
        "{ \"priority\": 0 }",
        "{ \"priority\": \"2\" }",
        "{ \"category\": \"rage\" }",
        "{ \"complaint\": \"rage\" }",
        "{ \"skills\": { \"unknown\": 1 } }",
        "{ \"skills\": { \"refunds\": 11 } }",
        "{ \"skills\": [] }",
        "{ \"language\": \"a language\" }",
        "{ \"tags\": [\"\"] }",
        "{ \"tags\": \"x\" }",
        "[]",
        "<html>",
      })
  void answerThatDoesNotFitTheConfiguration_isNone(String said) {
    answer = said;

    assertThat(ask(NOW)).isNull();
    assertThat(outcomes).containsExactly(OutsideClassifier.Outcome.INVALID);
  }

  @Test
  void emptyAnswer_isAdviceOfNothing() {
    assertThat(ask(NOW))
        .isEqualTo(new Triage.Advice(null, null, null, Map.of(), null, null, null, List.of()));
  }

  @Test
  void silence_endsAtTheTimeout_andFailuresLetItRest() {
    classifier = classifier(Duration.ofMillis(80), 3);
    answer = SILENT;
    assertThat(ask(NOW)).isNull();
    answer = "";
    assertThat(ask(NOW)).isNull();
    assertThat(outcomes)
        .containsExactly(OutsideClassifier.Outcome.TIMEOUT, OutsideClassifier.Outcome.FAILED);

    answer = "{}";
    assertThat(ask(NOW.plusSeconds(29))).isNull();
    assertThat(outcomes).last().isEqualTo(OutsideClassifier.Outcome.RESTING);
  }

  @Test
  void rest_endsWithOneTrial() {
    Circuit circuit = new Circuit(2, Duration.ofSeconds(30));
    assertThat(circuit.admits(NOW)).isTrue();
    circuit.failed(NOW);
    assertThat(circuit.admits(NOW)).isTrue();
    circuit.failed(NOW);

    assertThat(circuit.admits(NOW.plusSeconds(29))).isFalse();
    assertThat(circuit.admits(NOW.plusSeconds(30))).isTrue();
    assertThat(circuit.admits(NOW.plusSeconds(30))).isFalse();
    circuit.failed(NOW.plusSeconds(31));
    assertThat(circuit.admits(NOW.plusSeconds(60))).isFalse();
    assertThat(circuit.admits(NOW.plusSeconds(61))).isTrue();
    circuit.answered();
    assertThat(circuit.admits(NOW.plusSeconds(61))).isTrue();
    assertThat(circuit.admits(NOW.plusSeconds(61))).isTrue();
  }

  @Test
  void questionsAtOnce_areBounded() {
    answer = SILENT;
    List<io.vertx.core.Future<Triage.@Nullable Advice>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(
          classifier.ask(
              "cls_" + i,
              "acme",
              new Triage.Subject(
                  "mail", "email", "email", "u1", null, null, Map.of(), "text", "x", null, NOW),
              DeskTerms.terms(),
              NOW));
    }

    await(io.vertx.core.Future.all(all));
    assertThat(outcomes.stream().filter(OutsideClassifier.Outcome.FULL::equals)).hasSize(2);
    assertThat(asked).hasSize(3);
  }
}
