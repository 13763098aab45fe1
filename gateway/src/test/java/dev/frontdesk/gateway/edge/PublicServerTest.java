// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.frontdesk.connector.WebhookAnswer;
import io.vertx.core.Promise;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What every answer of the public port carries, and how the port closes. */
class PublicServerTest {

  private static final String ORIGIN = "https://agents.example.com";
  private static EdgeFixture edge;

  @BeforeAll
  static void start() {
    edge = new EdgeFixture(EdgeFixture.LIMITS, List.of(ORIGIN));
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void headers_securityOnEveryAnswer() {
    for (String path :
        List.of("/", "/openapi.yaml", "/api/v1/queue", "/webhooks/acme/hook", "/webhooks/x/y")) {
      var headers = edge.call("GET", path, null, null).headers();

      assertThat(headers.firstValue("x-content-type-options")).as(path).hasValue("nosniff");
      assertThat(headers.firstValue("cache-control")).as(path).hasValue("no-store");
      assertThat(headers.firstValue("content-security-policy")).as(path).isPresent();
      assertThat(headers.firstValue("strict-transport-security")).as(path).isPresent();
    }
  }

  @Test
  void cors_onlyForConfiguredOrigins() {
    var known = edge.call("GET", "/api/v1/queue", "acme-sue", null, Map.of("Origin", ORIGIN));
    var preflight =
        edge.call(
            "OPTIONS",
            "/api/v1/queue/take",
            null,
            null,
            Map.of(
                "Origin", ORIGIN,
                "Access-Control-Request-Method", "POST",
                "Access-Control-Request-Headers", "authorization,idempotency-key"));
    var evil =
        edge.call(
            "GET", "/api/v1/queue", "acme-sue", null, Map.of("Origin", "https://evil.example"));

    assertThat(known.statusCode()).isEqualTo(200);
    assertThat(known.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-headers").orElse(""))
        .contains("idempotency-key");
    assertThat(evil.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  /** Anybody can send one: as an error it would fill the log of who has to act on errors. */
  @Test
  void cors_ofAnotherOrigin_isAForbiddenProblem_andNoErrorInTheLog() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.frontdesk.gateway.edge");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      for (String method : List.of("GET", "OPTIONS")) {
        var evil =
            edge.call(
                method,
                "/api/v1/queue",
                "acme-sue",
                null,
                Map.of("Origin", "https://evil.example"));

        assertThat(evil.statusCode()).as(method).isEqualTo(403);
        assertThat(evil.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(evil.body()).contains("urn:frontdesk:problem:forbidden");
      }
      assertThat(logged.list)
          .extracting(ILoggingEvent::getLevel)
          .doesNotContain(Level.ERROR, Level.WARN, Level.INFO);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void mounts_areReached() {
    assertThat(edge.call("GET", "/bots/acme/faq", null, null).body()).isEqualTo("bot faq");
    assertThat(edge.call("GET", "/chat/acme/site", null, null).body()).isEqualTo("chat site");
    assertThat(edge.call("GET", "/chat/acme/site/widget.js", null, null).body())
        .isEqualTo("chat site");
  }

  /** G-04: what runs is finished, what waits is sent away, nobody new comes in. */
  @Test
  void drain_finishesWhatRuns() {
    EdgeFixture draining = new EdgeFixture();
    Promise<WebhookAnswer> storing = Promise.promise();
    draining.intake = request -> storing.future();
    CompletableFuture<HttpResponse<String>> webhook =
        CompletableFuture.supplyAsync(
            () -> draining.call("POST", "/webhooks/acme/hook", null, "{}"));
    Awaitility.await().until(() -> draining.webhooks.size() == 1);

    var drained = draining.server.drain();
    assertThat(webhook).isNotDone();
    storing.complete(WebhookAnswer.OK);

    assertThat(webhook.join().statusCode()).isEqualTo(200);
    EdgeFixture.await(drained);
    Awaitility.await().untilAsserted(() -> assertThat(draining.server.connections()).isZero());
    draining.close();
  }

  /** G-04: a call is under way from its head on, however long its body takes. */
  @Test
  void drain_takesAWebhookWhoseBodyIsOnItsWay_andNoneThatBeginsLater() {
    EdgeFixture draining = new EdgeFixture();
    String goesOn = "HTTP/1.1 100 Continue\r\n\r\n";
    try (RawClient early = new RawClient(draining.port)) {
      early.write(
          String.join(
              "\r\n",
              "POST /webhooks/acme/hook HTTP/1.1",
              "Host: desk",
              "Content-Length: 2",
              "Expect: 100-continue",
              "Connection: close",
              "",
              ""));
      assertThat(early.read(goesOn.length())).isEqualTo(goesOn);

      draining.server.refuseWebhooks();
      HttpResponse<String> late = draining.call("POST", "/webhooks/acme/hook", null, "{}");
      early.write("{}");

      assertThat(early.readToEnd(Duration.ofSeconds(5))).startsWith("HTTP/1.1 200 ");
      assertThat(late.statusCode()).isEqualTo(503);
      assertThat(late.body()).contains("urn:frontdesk:problem:draining");
      assertThat(late.headers().firstValue("retry-after")).isPresent();
      assertThat(draining.webhooks).hasSize(1);
    }
    draining.close();
  }

  @Test
  void port_busy() {
    try (RawClient held = new RawClient(edge.port)) {
      assertThat(held.write("x")).isTrue();
    }
    var config =
        new dev.frontdesk.config.FrontdeskConfig.Server(
            "127.0.0.1", 0, "127.0.0.1", edge.port, "", List.of(), EdgeFixture.LIMITS);
    var vertx = io.vertx.core.Vertx.vertx();

    var management = new ManagementServer(vertx, config, edge.metrics).listen();

    Awaitility.await().until(management::isComplete);
    assertThat(management.cause())
        .hasMessageContaining("server.managementPort")
        .hasMessageContaining(Integer.toString(edge.port));
    EdgeFixture.await(vertx.close());
  }
}
