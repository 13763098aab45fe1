// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

  private final Vertx vertx = Vertx.vertx();
  private final GatewayMetrics metrics =
      new GatewayMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  private final ManagementServer server =
      new ManagementServer(
          vertx,
          new FrontdeskConfig.Server(
              "127.0.0.1", 0, "127.0.0.1", 0, "", List.of(), EdgeFixture.LIMITS),
          metrics);

  @BeforeEach
  void start() {
    EdgeFixture.await(server.listen());
  }

  @AfterEach
  void stop() {
    EdgeFixture.await(vertx.close());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void ready_onlyWhileEveryCheckHolds() throws Exception {
    AtomicBoolean store = new AtomicBoolean(true);
    server.readyWhen(
        "store", () -> store.get() ? Optional.empty() : Optional.of("Redis does not answer"));
    server.readyWhen("listening", Optional::empty);

    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    store.set(false);
    var failing = get("/health/ready");

    assertThat(failing.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(failing.body()).getJsonObject("failing").getMap())
        .containsOnlyKeys("store");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_andDocuments() throws Exception {
    metrics.intake("acme", "hook", "stored");

    assertThat(get("/metrics").body()).contains("frontdesk_intake_total");
    assertThat(get("/metrics").headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(get("/openapi.yaml").body()).startsWith("# SPDX").contains("openapi: 3.1.0");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }
}
