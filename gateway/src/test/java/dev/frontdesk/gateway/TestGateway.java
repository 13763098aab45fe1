// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole gateway in this process: real Redis, real sockets, free ports. One workspace {@code acme}
 * with a {@code webhook} channel {@code hook}, agents {@code alice} and {@code bob}, a supervisor
 * {@code sue} and an operator {@code olga}.
 */
public final class TestGateway implements AutoCloseable {

  public static final String SECRET = "whsec_dGVzdC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZg==";

  private final Vertx vertx = Vertx.vertx(ServerProcess.options());
  private final ConfigLoader loader;
  private final Gateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebhookCustomer customer = new WebhookCustomer(Secret.of(SECRET));

  /** Starts on {@code dataDir}; {@code more} are further lines of the workspace, indented by 4. */
  public TestGateway(Path dataDir, String redisUrl, String more) {
    this(yaml(dataDir, redisUrl, more));
  }

  /** Starts with a configuration of your own; {@link #message} needs its channel {@code hook}. */
  public TestGateway(String yaml) {
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    this.loader = new ConfigLoader(Map.of(), catalog, new Conditions());
    this.gateway = await(Gateway.start(vertx, loader.parse(yaml), catalog));
  }

  /** What SIGHUP does with a changed file. */
  public void reload(String yaml) {
    gateway.reload(loader.parse(yaml));
  }

  public static String yaml(Path dataDir, String redisUrl, String more) {
    return String.format(
        java.util.Locale.ROOT,
        """
        server: { host: 127.0.0.1, port: 0, managementPort: 0 }
        redis: { url: "%s" }
        dataDir: "%s"
        workspaces:
          acme:
            channels:
              hook: { connector: webhook, settings: { secret: %s, sendUrl: "http://127.0.0.1:9/" } }
            promises: { urgent: { firstResponse: 1h }, normal: { firstResponse: 4h } }
            defaults: { queue: support, promise: normal }
            triage: [ { when: 'message.text.contains("urgent")', set: { promise: urgent } } ]
            queues: { support: {} }
            agents:
              alice: { token: %s, queues: [support], capacity: 4 }
              bob: { token: %s, queues: [support], capacity: 4 }
              sue: { token: %s, role: supervisor }
              olga: { token: %s, role: operator }
        %s
        """,
        redisUrl,
        dataDir,
        SECRET,
        token("alice"),
        token("bob"),
        token("sue"),
        token("olga"),
        more);
  }

  /** With an embedded Redis and nothing special. */
  public TestGateway(Path dataDir) {
    this(dataDir, "", "");
  }

  public static String token(String who) {
    return who + "-token-0123456789abcdef0123456789";
  }

  public URI url() {
    return URI.create(gateway.publicUrl());
  }

  public Gateway gateway() {
    return gateway;
  }

  public ApiClient as(String who) {
    return new ApiClient(http, url(), token(who));
  }

  /** Posts one signed customer message; the HTTP status. */
  public int message(String contact, String id, String text) {
    return post(customer.message(contact, contact, text, id, Clock.systemUTC().instant()))
        .statusCode();
  }

  public HttpResponse<String> post(InboundSample sample) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url().resolve("/webhooks/acme/hook" + sample.path()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    sample.headers().forEach(request::header);
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends at once, as kill -9 does: nothing is given back, nothing is finished. */
  public void kill() {
    await(vertx.close());
  }

  @Override
  public void close() {
    await(gateway.stop());
    await(vertx.close());
  }
}
