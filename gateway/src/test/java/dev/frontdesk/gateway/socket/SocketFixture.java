// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import static dev.frontdesk.gateway.store.redis.TestRedis.await;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.webchat.WebchatConnector;
import dev.frontdesk.gateway.bot.BotSessions;
import dev.frontdesk.gateway.bot.BotSocket;
import dev.frontdesk.gateway.chat.Typing;
import dev.frontdesk.gateway.chat.VisitorSocket;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.domain.Acknowledgement;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationRules;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.edge.WaitingClients;
import dev.frontdesk.gateway.intake.TriageRules;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.redis.TestRedis;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.VertxScheduler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A workspace on the real store, and as many nodes with both sockets as a test wants. */
public final class SocketFixture implements AutoCloseable {

  public static final String TOKEN = "token-of-the-faq-bot";

  private static final String YAML =
      """
      workspaces:
        acme:
          promises: { normal: { firstResponse: 1h } }
          defaults: { queue: support, promise: normal }
          queues: { support: {} }
          bots: { faq: { token: unused-token-of-faq, lostGrace: 100ms } }
      """;

  public final Vertx vertx = Vertx.vertx();
  public final Store store = TestRedis.store();
  public final String id = TestRedis.workspace();
  public final RedisKeys keys = new RedisKeys(id);
  public final Workspace workspace = workspace();
  public final Workspaces workspaces = new Workspaces(Map.of(id, workspace));
  public final ConversationService conversations =
      new ConversationService(
          store,
          new JsonCodec(),
          new VertxScheduler(vertx),
          new SecureRandom(),
          new GatewayMetrics(new SimpleMeterRegistry()),
          10_000);
  public final BotSessions sessions = new BotSessions(store, conversations);
  public final Set<String> revoked = ConcurrentHashMap.newKeySet();
  public final WebchatConnector webchat =
      new WebchatConnector.Factory()
          .create(
              new WebchatConnector.Settings(
                  List.of("https://shop.example.com"), Secret.of("0123456789abcdef")),
              new ChannelContext(
                  id, "site", "", vertx, WebClient.create(vertx), Duration.ofSeconds(10)));

  /** One gateway as far as sockets care. */
  public record Node(int port, BotSocket bots, VisitorSocket visitors, HttpServer server) {}

  public static SocketLimits limits() {
    return new SocketLimits(262_144, 16, 64, 2_000, Duration.ofSeconds(20), Duration.ofSeconds(5));
  }

  public Node node() {
    return node(limits());
  }

  public Node node(SocketLimits limits) {
    Typing typing = new Typing();
    WaitingClients waiting = new WaitingClients(100);
    BotSocket bots =
        new BotSocket(
            vertx,
            workspaces,
            store,
            conversations,
            sessions,
            this::principal,
            typing::in,
            waiting,
            limits);
    VisitorSocket visitors =
        new VisitorSocket(
            vertx,
            workspaces,
            (workspace, channel) ->
                Set.of("site", "asked", "told").contains(channel) ? webchat : null,
            store,
            (workspace, channel, events) ->
                conversations.receive(
                    workspace,
                    new ContactKey(channel, events.get(0).contact().externalId(), null),
                    events),
            conversations,
            typing,
            waiting,
            limits);
    Router router = Router.router(vertx);
    router.route("/bots/:workspace/:bot").handler(bots.handler());
    router.route("/chat/:workspace/:channel").handler(visitors.handler());
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setSendBufferSize(16_384)
            .setMaxWebSocketFrameSize(65_536)
            .setMaxWebSocketMessageSize(65_536)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false);
    HttpServer server = await(vertx.createHttpServer(options).requestHandler(router).listen());
    return new Node(server.actualPort(), bots, visitors, server);
  }

  private Optional<Principal> principal(String token) {
    return token.equals(TOKEN) && !revoked.contains(token)
        ? Optional.of(new Principal(id, Principal.Role.BOT, "faq"))
        : Optional.empty();
  }

  /** A customer writes; the conversation it went to. */
  public Conversation.Id customerWrites(String channel, String contact, String text) {
    return await(
            conversations.receive(
                workspace,
                new ContactKey(channel, contact, null),
                List.of(
                    InboundEvent.Received.of(
                        contact + ":" + text,
                        ContactRef.of(contact),
                        store.clock("acme").now(),
                        new MessageContent.Text(text)))))
        .get(0)
        .conversation();
  }

  public Conversation conversation(Conversation.Id conversation) {
    return await(conversations.find(workspace, conversation)).conversation();
  }

  public List<Message> messages(Conversation.Id conversation) {
    return await(conversations.messages(workspace, conversation, 1, 1_000));
  }

  private Workspace workspace() {
    FrontdeskConfig.Workspace config =
        new ConfigLoader(Map.of(), name -> null, RuleCheck.none())
            .parse(YAML)
            .config()
            .workspaces()
            .get("acme");
    Map<String, Terms.Channel> channels = new HashMap<>();
    channels.put("site", channel("site", null));
    channels.put("asked", channel("asked", "faq"));
    channels.put(
        "told",
        new Terms.Channel(
            "told",
            "webchat",
            "webchat",
            1,
            null,
            Duration.ZERO,
            new Acknowledgement(
                Map.of("en", "by {due}"), Map.of(), Duration.ofHours(24), false, null)));
    Terms terms =
        new Terms(
            Map.of("normal", new Terms.Promise("normal", Duration.ofHours(1), 0.75)),
            channels,
            Set.of("support"),
            Set.of(),
            TriageRules.defaultsOnly(config),
            "support",
            "normal",
            Duration.ofMinutes(5),
            Duration.ofHours(24),
            Duration.ofDays(30),
            1_000);
    return new Workspace(
        id,
        config,
        terms,
        new ConversationRules(terms),
        Map.of(),
        dev.frontdesk.gateway.domain.routing.RoutingPolicy.named("fifo", 0.1, Duration.ofHours(2)),
        new RedisKeys(id));
  }

  private static Terms.Channel channel(String id, String bot) {
    return new Terms.Channel(id, "webchat", "webchat", 1, bot, Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
