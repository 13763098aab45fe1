// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1}: finds out who calls, what for and whether that role may, reads the request,
 * answers with JSON or a problem. Each {@link ApiRoute} has exactly one {@link Endpoint}.
 */
public final class Api {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final String PRINCIPAL = "principal";

  private final Authentication authentication;
  private final Workspaces workspaces;
  private final BodyReader bodies;
  private final JsonReader json;
  private final Responses responses;
  private final Map<ApiRoute, Endpoint> endpoints;

  Api(
      Authentication authentication,
      Workspaces workspaces,
      BodyReader bodies,
      JsonReader json,
      Responses responses,
      Map<ApiRoute, Endpoint> endpoints) {
    this.authentication = authentication;
    this.workspaces = workspaces;
    this.bodies = bodies;
    this.json = json;
    this.responses = responses;
    this.endpoints = new EnumMap<>(endpoints);
    for (ApiRoute route : ApiRoute.values()) {
      if (!endpoints.containsKey(route)) {
        throw new IllegalStateException("route " + route + " has no endpoint");
      }
    }
  }

  /** What each route does. */
  static Map<ApiRoute, Endpoint> endpoints(
      Rooms rooms,
      ConversationQueries queries,
      DisabledAgents disabled,
      LivePolls polls,
      LiveEvents live,
      Store store) {
    Idempotency idempotency = new Idempotency(store);
    DeskEndpoints desk = new DeskEndpoints(rooms.desk(), rooms.conversations(), idempotency, store);
    ConversationReads reads =
        new ConversationReads(rooms.conversations(), rooms.customers(), queries, store);
    ConversationCommands commands = new ConversationCommands(rooms.conversations(), store);
    SupervisorEndpoints boards = new SupervisorEndpoints(rooms.boards(), store);
    OperatorEndpoints operators = new OperatorEndpoints(rooms, disabled, idempotency);
    CustomerEndpoints customers = new CustomerEndpoints(rooms.customers(), queries);
    Map<ApiRoute, Endpoint> all = new EnumMap<>(ApiRoute.class);
    all.put(ApiRoute.PRESENCE, desk::presence);
    all.put(
        ApiRoute.POLL,
        call ->
            polls.hold(
                call.principal(), call.standing(), call.gone(), closed -> desk.poll(call, closed)));
    all.put(ApiRoute.TAKE, desk::take);
    all.put(ApiRoute.CONVERSATIONS, reads::list);
    all.put(ApiRoute.CONVERSATION, reads::conversation);
    all.put(ApiRoute.MESSAGES, reads::messages);
    all.put(ApiRoute.EVENTS, reads::events);
    all.put(ApiRoute.ACCEPT, commands::accept);
    all.put(ApiRoute.DECLINE, commands::decline);
    all.put(ApiRoute.SEND, commands::send);
    all.put(ApiRoute.NOTE, commands::note);
    all.put(ApiRoute.TYPING, commands::typing);
    all.put(ApiRoute.TRANSFER, commands::transfer);
    all.put(ApiRoute.PAUSE, commands::pause);
    all.put(ApiRoute.RESUME, commands::resume);
    all.put(ApiRoute.RELEASE, commands::release);
    all.put(ApiRoute.RESOLVE, commands::resolve);
    all.put(ApiRoute.ASSIGN, commands::assign);
    all.put(ApiRoute.PROMISE, commands::promise);
    all.put(ApiRoute.ACKNOWLEDGE, commands::acknowledge);
    all.put(ApiRoute.QUEUE, boards::queue);
    all.put(ApiRoute.AGENTS, boards::agents);
    all.put(ApiRoute.FIRST_RESPONSE, boards::firstResponse);
    all.put(ApiRoute.CLOCKS, boards::clocks);
    all.put(ApiRoute.LIVE, live::open);
    all.put(ApiRoute.CHANNELS, operators::channels);
    all.put(ApiRoute.DISABLE_AGENT, operators::disable);
    all.put(ApiRoute.ENABLE_AGENT, operators::enable);
    all.put(ApiRoute.DEAD_LETTERS, operators::deadLetters);
    all.put(ApiRoute.RETRY_DEAD_LETTER, operators::retry);
    all.put(ApiRoute.DELETE_DEAD_LETTER, operators::delete);
    all.put(ApiRoute.CUSTOMER, customers::customer);
    all.put(ApiRoute.PUT_CUSTOMER, customers::put);
    all.put(ApiRoute.ERASE_CUSTOMER, customers::erase);
    return all;
  }

  /** Adds the routes; whoever has no token learns nothing about which there are. */
  void mount(Router router) {
    router.route(ApiRoute.ROOT + "/*").handler(this::authenticate);
    for (ApiRoute route : ApiRoute.values()) {
      router
          .route(route.method(), route.path().replace("{id}", ":id"))
          .handler(ctx -> handle(route, ctx));
    }
  }

  private void authenticate(RoutingContext ctx) {
    try {
      ctx.put(PRINCIPAL, authentication.authenticate(ctx.request()));
    } catch (GatewayException refused) {
      responses.problem(ctx.request(), ErrorMapper.problem(refused));
      return;
    }
    ctx.next();
  }

  private void handle(ApiRoute route, RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    Context context = ctx.vertx().getOrCreateContext();
    Future<Answer> answer;
    try {
      answer = answer(route, ctx);
    } catch (RuntimeException refused) {
      answer = Future.failedFuture(refused);
    }
    answer.onComplete(done -> on(context, () -> tell(request, done)));
  }

  private void tell(HttpServerRequest request, io.vertx.core.AsyncResult<Answer> done) {
    if (done.failed()) {
      responses.problem(request, ErrorMapper.problem(done.cause()));
      return;
    }
    Answer answer = done.result();
    var stream = answer.stream();
    if (stream != null) {
      stream.accept(request);
      return;
    }
    if (answer.replayed()) {
      request.response().putHeader("idempotent-replayed", "true");
    }
    responses.send(request, answer.status(), answer.mediaType(), answer.body());
  }

  private Future<Answer> answer(ApiRoute route, RoutingContext ctx) {
    Principal principal = java.util.Objects.requireNonNull(ctx.get(PRINCIPAL));
    Workspace workspace = workspaces.find(principal.workspace());
    if (workspace == null) {
      throw Call.notFound();
    }
    if (!route.allows(principal.role())) {
      throw new GatewayException(
          GatewayException.Kind.FORBIDDEN,
          "forbidden",
          "role " + principal.role().label() + " may not do this");
    }
    HttpServerRequest request = ctx.request();
    String key = key(route, request);
    Future<Void> gone = gone(request);
    Future<Buffer> body =
        route.hasBody() ? bodies.read(request) : Future.succeededFuture(Buffer.buffer());
    return body.map(
            bytes ->
                new Call(
                    route,
                    principal,
                    workspace,
                    ctx.pathParams(),
                    ctx.queryParams(),
                    key,
                    lastEventId(route, request),
                    bytes,
                    json.read(bytes),
                    gone,
                    authentication.standing(request, principal)))
        .compose(java.util.Objects.requireNonNull(endpoints.get(route))::handle);
  }

  private static @Nullable String key(ApiRoute route, HttpServerRequest request) {
    String key = request.getHeader("idempotency-key");
    if (route.needsIdempotencyKey() && key == null) {
      throw new GatewayException(
          GatewayException.Kind.MALFORMED,
          "idempotency-key-missing",
          "expected a header Idempotency-Key");
    }
    if (key != null && !KEY.matcher(key).matches()) {
      throw JsonBody.malformed("Idempotency-Key is not 1 to 255 visible ASCII characters");
    }
    return route.method().equals(HttpMethod.POST) ? key : null;
  }

  private static @Nullable String lastEventId(ApiRoute route, HttpServerRequest request) {
    String id = route == ApiRoute.LIVE ? request.getHeader("last-event-id") : null;
    return id == null || id.isEmpty() ? null : id;
  }

  private static Future<Void> gone(HttpServerRequest request) {
    Promise<Void> gone = Promise.promise();
    request.response().closeHandler(closed -> gone.tryComplete());
    return gone.future();
  }

  private static void on(Context context, Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(go -> task.run());
    }
  }
}
