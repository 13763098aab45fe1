// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port: webhooks, the API, its documents, and the sockets that others mount. One server
 * per event loop shares the port. Every bound comes from {@code server.limits}.
 */
public final class PublicServer {

  private static final Logger LOG = LoggerFactory.getLogger(PublicServer.class);

  private static final int FORBIDDEN = 403;
  private static final long SWEEP_MILLIS = 250;

  /** Vert.x's own idle time-out only backs up the deadlines here; it must not cut a long-poll. */
  private static final Duration IDLE_MARGIN = Duration.ofSeconds(20);

  private final Vertx vertx;
  private final FrontdeskConfig.Server config;
  private final GatewayMetrics metrics;
  private final Responses responses;
  private final WebhookHandler webhooks;
  private final Router router;
  private final LivePolls polls;
  private final LiveEvents live;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

  /** Sockets, as Vert.x-Web handlers: {@code /bots/{workspace}/{bot}}, {@code /chat/…}. */
  public record Mounts(Handler<RoutingContext> bots, Handler<RoutingContext> chat) {}

  /** What the server calls; nothing is called before {@link #listen}. */
  public record Parts(
      Workspaces workspaces,
      Authentication authentication,
      DisabledAgents disabled,
      WebhookSink webhooks,
      Rooms rooms,
      ConversationQueries queries,
      Store store,
      Mounts mounts,
      WaitingClients waiting,
      GatewayMetrics metrics) {}

  public PublicServer(Vertx vertx, FrontdeskConfig.Server config, Parts parts) {
    this.vertx = vertx;
    this.config = config;
    this.metrics = parts.metrics();
    this.responses = new Responses(vertx, config.publicUrl().startsWith("https:"));
    this.polls = new LivePolls(parts.waiting());
    this.live =
        new LiveEvents(
            vertx,
            parts.store(),
            parts.workspaces(),
            parts.waiting(),
            new SupervisorEndpoints(parts.rooms().boards(), parts.store())::figures);
    BodyReader bodies = new BodyReader(config.limits().bodyBytes());
    this.webhooks =
        new WebhookHandler(
            parts.workspaces(),
            parts.webhooks(),
            new WaitingClients(config.limits().inFlightWebhooks()),
            bodies,
            responses,
            metrics,
            this::publicUrl);
    Api api =
        new Api(
            parts.authentication(),
            parts.workspaces(),
            bodies,
            new JsonReader(config.limits().jsonDepth()),
            responses,
            Api.endpoints(
                parts.rooms(), parts.queries(), parts.disabled(), polls, live, parts.store()));
    this.router = router(api, parts.mounts());
    parts
        .disabled()
        .onDisabled(
            (workspace, agent) -> {
              for (Principal.Role role : Principal.Role.values()) {
                Principal principal = new Principal(workspace, role, agent.value());
                polls.end(principal);
                live.end(principal);
              }
            });
  }

  private Router router(Api api, Mounts mounts) {
    Router routes = Router.router(vertx);
    routes.route().handler(this::secured);
    Cors.mount(routes, config);
    Documents.mount(routes, responses);
    api.mount(routes);
    routes.route("/bots/:workspace/:bot").handler(mounts.bots());
    routes.route("/chat/:workspace/:channel").handler(mounts.chat());
    routes.route("/chat/:workspace/:channel/*").handler(mounts.chat());
    routes.route().failureHandler(this::failed);
    routes.errorHandler(404, ctx -> told(ctx, 404, "not-found", "there is nothing here"));
    routes.errorHandler(
        405, ctx -> told(ctx, 405, "method-not-allowed", "there is no such method here"));
    return routes;
  }

  private void secured(RoutingContext ctx) {
    responses.secure(ctx.response());
    ctx.next();
  }

  private void failed(RoutingContext ctx) {
    int status = ctx.statusCode();
    if (status == FORBIDDEN) {
      // a page of another origin: anybody can send that, and as often as they like
      LOG.atDebug()
          .addKeyValue(LogKeys.REASON, String.valueOf(ctx.failure()))
          .log("A request was refused");
      told(ctx, status, "forbidden", "pages of this origin may not call the API");
    } else if (ctx.failure() == null) {
      told(ctx, status, "refused", "the request was refused");
    } else {
      responses.problem(ctx.request(), ErrorMapper.problem(ctx.failure()));
    }
  }

  private void told(RoutingContext ctx, int status, String code, String detail) {
    responses.problem(ctx.request(), Problem.of(status, code, detail));
  }

  /** Opens the port on {@code instances} event loops; the port it has then. */
  public Future<Integer> listen(int instances) {
    return vertx
        .deployVerticle(() -> new Listener(), new DeploymentOptions().setInstances(instances))
        .map(deployed -> port())
        .recover(
            failure ->
                Future.failedFuture(
                    new ListenFailedException(
                        "server.port", config.host(), config.port(), failure)));
  }

  /** The port, once it is open. */
  public int port() {
    return servers.get(0).actualPort();
  }

  /** The address platforms call, without a slash at the end. */
  public String publicUrl() {
    String url = config.publicUrl();
    if (url.isEmpty()) {
      String host = config.host().equals("0.0.0.0") ? "localhost" : config.host();
      return "http://" + host + ":" + port();
    }
    return url;
  }

  /** How many connections are open. */
  public int connections() {
    return connections.get();
  }

  /** The long-polls that are open. */
  public LivePolls polls() {
    return polls;
  }

  /**
   * Takes no more connections, answers every long-poll with 204, ends live views, lets what runs
   * finish, and closes what is left after {@code drainTimeout}.
   */
  public Future<Void> drain() {
    refuseWebhooks();
    polls.drain();
    live.drain();
    long millis = config.limits().drainTimeout().toMillis();
    return Future.all(servers.stream().map(s -> s.shutdown(millis, TimeUnit.MILLISECONDS)).toList())
        .mapEmpty();
  }

  /** Webhooks that begin from now on are refused with 503; others go on as before. */
  public void refuseWebhooks() {
    webhooks.drain();
  }

  /** Whether {@link #refuseWebhooks} was called. */
  public boolean isDraining() {
    return webhooks.isDraining();
  }

  /** The server of one event loop. */
  private final class Listener extends VerticleBase {
    private final ConnectionGuard guard =
        new ConnectionGuard(config.limits(), connections, metrics);

    @Override
    public Future<?> start() {
      vertx.setPeriodic(SWEEP_MILLIS, tick -> guard.sweep());
      vertx.setPeriodic(SWEEP_MILLIS, tick -> metrics.connections(connections.get()));
      return vertx
          .createHttpServer(options())
          .connectionHandler(guard::opened)
          .requestHandler(this::handle)
          .invalidRequestHandler(this::refuseUnread)
          .exceptionHandler(failure -> LOG.atDebug().setCause(failure).log("A connection failed"))
          .listen(address())
          .onSuccess(servers::add);
    }

    /** What Netty cannot read, unless it is the rest of a request that was refused: answered. */
    private void refuseUnread(HttpServerRequest request) {
      if (guard.trusts(request)) {
        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
      }
    }

    private void handle(HttpServerRequest request) {
      if (!guard.trusts(request)) {
        return; // its connection was answered and closes
      }
      if (!guard.admits(request)) {
        responses.problem(
            request,
            new Problem(503, "overloaded", "too many connections are open", java.util.Map.of(), 1));
        return;
      }
      Optional<String> fault = RequestHead.fault(request);
      if (fault.isPresent()) {
        guard.distrust(request);
        responses.secure(request.response());
        responses.problem(request, Problem.of(400, "malformed", fault.get()));
        responses.closeLater(request);
        return;
      }
      request.end().onComplete(received -> guard.received(request));
      request.response().endHandler(answered -> guard.answered(request));
      String path = request.path();
      if (path != null && path.startsWith(WebhookHandler.ROOT)) {
        responses.secure(request.response());
        webhooks.handle(request);
      } else {
        router.handle(request);
      }
    }
  }

  private SocketAddress address() {
    return config.port() == 0
        ? SocketAddress.sharedRandomPort(1, config.host())
        : SocketAddress.inetSocketAddress(config.port(), config.host());
  }

  private HttpServerOptions options() {
    FrontdeskConfig.Limits limits = config.limits();
    return new HttpServerOptions()
        .setMaxHeaderSize(limits.headerBytes())
        .setMaxInitialLineLength(limits.requestLineBytes())
        .setHttp2ClearTextEnabled(false)
        .setDecompressionSupported(false)
        .setHandle100ContinueAutomatically(false)
        .setMaxWebSocketFrameSize(limits.socketMessageBytes())
        .setMaxWebSocketMessageSize(limits.socketMessageBytes())
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) limits.idleTimeout().plus(IDLE_MARGIN).toMillis())
        .setTcpUserTimeout((int) limits.idleTimeout().toMillis())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setAcceptBacklog(4_096);
  }
}
