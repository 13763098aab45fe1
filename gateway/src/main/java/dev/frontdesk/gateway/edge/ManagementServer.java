// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The management port: whether the gateway lives, whether it is ready for traffic, its metrics and
 * the documents. Not for the public: it has no authentication and listens on the loopback address
 * unless configured otherwise.
 */
public final class ManagementServer {

  private static final int IDLE_SECONDS = 60;

  private final Vertx vertx;
  private final FrontdeskConfig.Server config;
  private final GatewayMetrics metrics;
  private final Responses responses;
  private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentHashMap<>();
  private final List<Runnable> scrapes = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** A server that is not ready before every check added to it holds. */
  public ManagementServer(Vertx vertx, FrontdeskConfig.Server config, GatewayMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    this.responses = new Responses(vertx, false);
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(IDLE_SECONDS));
  }

  /**
   * Adds a condition of being ready: empty while it holds, else why not, in words an operator
   * understands. Asked on each request; must not block. Adding the same name again replaces it.
   */
  public void readyWhen(String name, Supplier<Optional<String>> check) {
    checks.put(name, check);
  }

  /** Lets {@code task} bring metrics up to date before each scrape; must not block. */
  public void beforeScrape(Runnable task) {
    scrapes.add(task);
  }

  /** Opens the port; the port it has then. */
  public Future<Integer> listen() {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            ctx -> {
              responses.secure(ctx.response());
              ctx.next();
            });
    router.get("/health/live").handler(ctx -> live(ctx.request()));
    router.get("/health/ready").handler(ctx -> ready(ctx.request()));
    router.get("/metrics").handler(ctx -> scraped(ctx.request()));
    Documents.mount(router, responses);
    return server
        .requestHandler(request -> answer(router, request))
        .listen(config.managementPort(), config.managementHost())
        .map(HttpServer::actualPort)
        .recover(
            failure ->
                Future.failedFuture(
                    new ListenFailedException(
                        "server.managementPort",
                        config.managementHost(),
                        config.managementPort(),
                        failure)));
  }

  /** Its address, once it is open: {@code http://host:port}. */
  public String url() {
    return "http://" + config.managementHost() + ":" + server.actualPort();
  }

  /** Closes the port at once: the last thing that happens to a gateway. */
  public Future<Void> close() {
    return server.close();
  }

  private void answer(Router router, HttpServerRequest request) {
    RequestHead.fault(request)
        .ifPresentOrElse(
            fault -> responses.problem(request, Problem.of(400, "malformed", fault)),
            () -> router.handle(request));
  }

  private void live(HttpServerRequest request) {
    json(request, 200, new JsonObject().put("status", "up"));
  }

  private void ready(HttpServerRequest request) {
    JsonObject failing = new JsonObject();
    new TreeMap<>(checks)
        .forEach((name, check) -> check.get().ifPresent(why -> failing.put(name, why)));
    json(
        request,
        failing.isEmpty() ? 200 : 503,
        new JsonObject().put("status", failing.isEmpty() ? "up" : "down").put("failing", failing));
  }

  private void scraped(HttpServerRequest request) {
    metrics.ready(checks.values().stream().allMatch(check -> check.get().isEmpty()));
    scrapes.forEach(Runnable::run);
    responses.send(
        request, 200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(metrics.scrape()));
  }

  private void json(HttpServerRequest request, int status, JsonObject body) {
    responses.send(request, status, "application/json", body.toBuffer());
  }
}
