// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.config.Share;
import dev.frontdesk.config.TargetTime;
import dev.frontdesk.config.WarnLevel;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.routing.Fifo;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.security.Tokens;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A public server on a free port before fake rooms; workspaces acme and other are alike. */
final class EdgeFixture implements AutoCloseable {

  static final FrontdeskConfig.Limits LIMITS =
      new FrontdeskConfig.Limits(
          1_048_576,
          8_192,
          4_096,
          64,
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          20_000,
          20,
          10_000,
          10_000,
          65_536,
          262_144,
          Duration.ofSeconds(30));

  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  final InMemoryStore store = new InMemoryStore(() -> FakeRooms.NOW);
  final FakeRooms rooms = new FakeRooms();
  final List<WebhookRequest> webhooks = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final GatewayMetrics metrics = new GatewayMetrics(registry);
  final DisabledAgents disabled = new DisabledAgents(store);
  final PublicServer server;
  final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  volatile Function<WebhookRequest, Future<WebhookAnswer>> intake =
      request -> Future.succeededFuture(WebhookAnswer.ok("text/plain", "success"));

  EdgeFixture() {
    this(LIMITS, List.of());
  }

  EdgeFixture(FrontdeskConfig.Limits limits, List<String> origins) {
    FrontdeskConfig.Server config =
        new FrontdeskConfig.Server(
            "127.0.0.1", 0, "127.0.0.1", 0, "https://desk.example.com", origins, limits);
    Workspaces workspaces =
        new Workspaces(Map.of("acme", workspace("acme"), "other", workspace("other")));
    Tokens tokens =
        new Tokens(
            Map.of("acme", workspace("acme").config(), "other", workspace("other").config()));
    server =
        new PublicServer(
            vertx,
            config,
            new PublicServer.Parts(
                workspaces,
                new Authentication(tokens, disabled, metrics),
                disabled,
                (workspace, channel, request) -> {
                  webhooks.add(request);
                  return intake.apply(request);
                },
                rooms.rooms(),
                new ConversationQueries(store, new JsonCodec(), rooms::find),
                store,
                new PublicServer.Mounts(
                    ctx -> ctx.end("bot " + ctx.pathParam("bot")),
                    ctx -> ctx.end("chat " + ctx.pathParam("channel"))),
                new WaitingClients(limits.waitingClients()),
                metrics));
    port = await(server.listen(1));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Tokens are {@code <workspace>-<id>}. */
  static Workspace workspace(String id) {
    Map<String, FrontdeskConfig.Agent> agents = new HashMap<>();
    for (String role : List.of("agent", "supervisor", "operator")) {
      String name = role.equals("agent") ? "alice" : role.equals("supervisor") ? "sue" : "otto";
      agents.put(
          name,
          new FrontdeskConfig.Agent(
              Secret.of(id + "-" + name, id + "-" + name + "-old"),
              role,
              role.equals("operator") ? List.of() : List.of("support"),
              Map.of(),
              List.of(),
              4));
    }
    FrontdeskConfig.Workspace config =
        new FrontdeskConfig.Workspace(
            Map.of(
                "hook",
                new FrontdeskConfig.Channel("webhook", JsonNodeFactory.instance.objectNode(), 1)),
            Map.of(),
            Map.of(
                "urgent",
                new FrontdeskConfig.Promise(
                    new TargetTime(Duration.ofHours(1), 0),
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(new WarnLevel(new Share(0.75), null)),
                    "human",
                    "from_change",
                    new Share(0.9),
                    1,
                    new Share(0),
                    List.of())),
            new FrontdeskConfig.Defaults("support", "urgent"),
            List.of(),
            Map.of(),
            null,
            Map.of("support", new FrontdeskConfig.Queue(100), "vip", new FrontdeskConfig.Queue(9)),
            null,
            agents,
            Map.of(
                "faq",
                new FrontdeskConfig.Bot(
                    Secret.of(id + "-faq"),
                    List.of(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    5,
                    Duration.ofSeconds(30))),
            null,
            null,
            null,
            Map.of(),
            null);
    Terms terms =
        new Terms(
            Map.of("urgent", new Terms.Promise("urgent", Duration.ofHours(1), 0.75)),
            Map.of(
                "hook",
                new Terms.Channel("hook", "webhook", "generic", 1, null, Duration.ofSeconds(10))),
            Set.of("support", "vip"),
            Set.of("refunds"),
            subject -> new Triage("support", "urgent", 5, Map.of(), null, null, null, List.of()),
            "support",
            "urgent",
            Duration.ofMinutes(5),
            Duration.ofDays(1),
            Duration.ofDays(30),
            10_000);
    Map<Agent.Id, Agent> serving = new HashMap<>();
    for (String name : List.of("alice", "sue")) {
      Agent.Id agent = new Agent.Id(name);
      serving.put(agent, new Agent(agent, List.of("support"), Map.of(), List.of(), 4));
    }
    return new Workspace(
        id, config, terms, new ConversationRules(terms), serving, new Fifo(), new RedisKeys(id));
  }

  HttpResponse<String> call(String method, String path, String token, String body) {
    return call(method, path, token, body, Map.of());
  }

  HttpResponse<String> call(
      String method, String path, String token, String body, Map<String, String> headers) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(20))
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      if (token != null) {
        request.header("authorization", "Bearer " + token);
      }
      headers.forEach(request::header);
      return client.send(
          request.build(),
          path.startsWith(ApiRoute.LIVE.path())
              ? answer -> new FirstBlock()
              : HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An answer up to its first empty line, or its end: a stream has none by itself. */
  private static final class FirstBlock implements HttpResponse.BodySubscriber<String> {
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription all) {
      subscription = all;
      all.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      bytes.forEach(part -> text.append(StandardCharsets.UTF_8.decode(part)));
      if (text.indexOf("\n\n") >= 0) {
        subscription.cancel();
        onComplete();
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(text.toString());
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
