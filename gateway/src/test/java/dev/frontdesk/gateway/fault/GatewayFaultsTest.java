// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.redis.RedisAddress;
import dev.frontdesk.gateway.store.redis.RedisConnection;
import dev.frontdesk.gateway.store.redis.RedisStore;
import dev.frontdesk.gateway.store.redis.TestRedis;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.VertxScheduler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows G-02 to G-04: a gateway that goes at the worst moment, and the next one on its store. */
class GatewayFaultsTest {

  private static final String BOT_TOKEN = "123:abc";
  private static final Duration CLAIM = Duration.ofSeconds(3);

  @TempDir Path folder;
  private @Nullable Fleet opened;

  private Fleet fleet(DeskYaml yaml) {
    Fleet fleet = new Fleet(folder, 1, yaml);
    opened = fleet;
    return fleet;
  }

  @AfterEach
  void stop() {
    if (opened != null) {
      opened.close();
    }
  }

  /** What a gateway has in its hands, without the gateway: its store and its rules. */
  private final class Dying implements AutoCloseable {
    final RedisConnection connection;
    final RedisStore store;
    final Workspace workspace;
    final ConversationService conversations;

    Dying(Fleet fleet, DeskYaml yaml) {
      connection = TestRedis.connect(fleet.vertx(), RedisAddress.of(fleet.redis().url()));
      store =
          TestRedis.await(
              RedisStore.open(
                  fleet.vertx(), connection, folder.resolve("dying"), StoreAlarms.NONE));
      assertThat(TestRedis.await(store.open("acme"))).isTrue();
      var config =
          new ConfigLoader(Map.of(), ConnectorCatalog.ofClassPath(), RuleCheck.none())
              .parse(yaml.in(folder))
              .config();
      workspace =
          new WorkspaceFactory(name -> ChannelFamily.GENERIC, new Conditions(), id -> {})
              .workspaces(config)
              .get("acme");
      conversations =
          new ConversationService(
              store,
              new JsonCodec(),
              new VertxScheduler(fleet.vertx()),
              new Random(1),
              new GatewayMetrics(new SimpleMeterRegistry()),
              100);
    }

    Outcome.Applied apply(Conversation.Id id, ConversationEvent event) {
      return (Outcome.Applied) TestGateway.await(conversations.apply(workspace, id, event, null));
    }

    @Override
    public void close() {
      TestRedis.await(store.close());
      TestRedis.await(connection.close());
    }
  }

  @Test
  void g02_timerClaimedByAGatewayThatDies_firesOnce_afterTheClaim() {
    DeskYaml yaml = new DeskYaml().firstResponse("2s");
    Fleet fleet = fleet(yaml);
    fleet.send(0, fleet.text("g02", "g02-1", "hello"));
    long due = Clock.systemUTC().millis() + 2_100;
    fleet.stop(0);
    // warning and breach are claimed together: a late warning would already tell of the breach
    Awaitility.await().until(() -> Clock.systemUTC().millis() > due);
    AtomicLong claimed = new AtomicLong();
    try (Dying dying = new Dying(fleet, yaml)) {
      Awaitility.await("the breach is claimed")
          .atMost(Duration.ofSeconds(10))
          .until(() -> claimsBreach(dying, claimed));
    }
    fleet.add();

    Awaitility.await("the breach")
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> breaches(fleet) == 1);
    Duration after = Duration.ofMillis(Clock.systemUTC().millis() - claimed.get());
    System.getLogger("G-02").log(System.Logger.Level.INFO, "fired {0} after the claim", after);

    assertThat(after).isBetween(CLAIM, CLAIM.plusSeconds(3));
    Fleet.Reply still = fleet.send(0, fleet.text("g02", "g02-2", "still here?"));
    assertThat(still.status()).isEqualTo(200);
    assertThat(breaches(fleet)).as("once").isEqualTo(1);
    assertThat(
            fleet.conversationOf("g02").path("clocks").path("firstResponse").path("state").asText())
        .isEqualTo("breached");
  }

  private static boolean claimsBreach(Dying dying, AtomicLong at) {
    Store.Claimed claim =
        TestRedis.await(dying.store.claimDue("acme", dying.workspace.keys().timers(), CLAIM, 100));
    at.set(claim.atMillis());
    return claim.due().stream()
        .map(due -> Timer.parse(due.member()).kind())
        .anyMatch(kind -> kind == Timer.Kind.BREACH);
  }

  private static int breaches(Fleet fleet) {
    return fleet
        .as("sue")
        .get("/api/v1/reports/first-response?by=promise")
        .body()
        .path("rows")
        .path(0)
        .path("breached")
        .asInt();
  }

  @Test
  void g03_gatewayThatDiesAfterTheSend_leavesUnknown_andNobodySendsAgain() {
    DeskYaml yaml = new DeskYaml();
    try (Platform platform = new Platform()) {
      yaml.channel(
          "telegram",
          String.format(
              java.util.Locale.ROOT,
              "{ connector: telegram, settings: { botToken: '%s', secretToken: s3cret, apiBaseUrl: '%s' } }",
              BOT_TOKEN,
              platform.url()));
      Fleet fleet = fleet(yaml);
      InboundSample hello =
          new TelegramCustomer("s3cret").message("77", "Ann", "hello", "1", Fleet.now());
      URI channel = fleet.node(0).url().resolve("/webhooks/acme/telegram");
      assertThat(TestGateway.await(fleet.post(channel, hello)).status()).isEqualTo(200);
      String id = fleet.conversationOf("77").path("id").asText();
      fleet.available("alice");
      JsonNode assigned =
          fleet
              .as("sue")
              .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"))
              .body();
      fleet.stop(0);
      try (Dying dying = new Dying(fleet, yaml)) {
        sendAndDie(
            fleet, dying, platform, new Conversation.Id(id), assigned.path("epoch").asLong());
      }
      assertThat(platform.api.sentCount("telegram")).isEqualTo(1);

      fleet.add();

      Awaitility.await("unknown")
          .atMost(Duration.ofSeconds(15))
          .until(() -> delivery(fleet, id, 2).equals("unknown"));
      assertThat(fleet.reply("alice", assigned, "are you there?", "g03").status()).isEqualTo(201);
      Awaitility.await("the lane goes on")
          .atMost(Duration.ofSeconds(10))
          .until(() -> delivery(fleet, id, 3).equals("accepted"));
      assertThat(platform.api.sent("telegram"))
          .extracting(sent -> sent.text())
          .as("the first one was not sent again")
          .containsExactly("good day", "are you there?");
      assertThat(platform.api.callCount("telegram")).isEqualTo(2);
    }
  }

  /** What the outbox does until the platform has the message; then nothing more. */
  private static void sendAndDie(
      Fleet fleet, Dying dying, Platform platform, Conversation.Id id, long epoch) {
    Message reply =
        dying
            .apply(
                id,
                new ConversationEvent.Reply(
                    Author.agent(new Agent.Id("alice")),
                    epoch,
                    List.of(new MessageContent.Text("good day")),
                    null))
            .messages()
            .get(0);
    assertThat(
            TestRedis.await(
                    dying.store.claimDue("acme", dying.workspace.keys().outbox(), CLAIM, 10))
                .due())
        .hasSize(1);
    dying.apply(id, new ConversationEvent.Sending(reply, "node-that-dies", false));
    InboundSample send =
        new InboundSample(
            "POST",
            "",
            Map.of("Content-Type", "application/json"),
            Buffer.buffer("{\"chat_id\":77,\"text\":\"good day\"}"));
    URI method = URI.create(platform.url() + "/bot" + BOT_TOKEN + "/sendMessage");
    assertThat(TestGateway.await(fleet.post(method, send)).status()).isEqualTo(200);
  }

  private static String delivery(Fleet fleet, String conversation, int seq) {
    List<JsonNode> messages = fleet.messages(conversation);
    return messages.size() < seq ? "" : messages.get(seq - 1).path("delivery").asText();
  }

  /** A stand-in of Telegram, with a Vert.x of its own. */
  private static final class Platform implements AutoCloseable {
    final io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
    final FakePlatform api =
        TestGateway.await(
            FakePlatform.start(vertx, Clock.systemUTC(), List.of(new TelegramApi(BOT_TOKEN))));

    String url() {
      return api.url("telegram");
    }

    @Override
    public void close() {
      TestGateway.await(vertx.close());
    }
  }

  @Test
  void g04_stopUnderLoad_saysSoFirst_endsPollsAndSockets_andLosesNothing() {
    Fleet fleet =
        fleet(
            new DeskYaml()
                .channel(
                    "site",
                    "{ connector: webchat, settings: { allowedOrigins: ['https://shop.example.com'], identitySecret: secret-of-the-site } }")
                .capacity(1));
    fleet.available("alice");
    fleet.available("bob");
    Load load = new Load(fleet, "g04", 8);
    Awaitility.await().until(() -> load.calls().size() > 100);
    URI ready = URI.create(fleet.node(0).gateway().managementUrl() + "/health/ready");
    assertThat(TestGateway.await(fleet.get(ready)).status()).isEqualTo(200);
    // held until the end: a client that is collected closes what it opened
    WebSocketClient sockets = fleet.vertx().createWebSocketClient();
    WebSocket visitor =
        TestGateway.await(
            sockets.connect(
                new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(fleet.node(0).url().getPort())
                    .setURI("/chat/acme/site")
                    .putHeader("origin", "https://shop.example.com")));
    AtomicReference<Short> closed = new AtomicReference<>();
    visitor.closeHandler(gone -> closed.set(visitor.closeStatusCode()));
    TestGateway.await(visitor.writeTextMessage("{\"type\":\"hello\"}"));
    String cursor = TestGateway.await(snapshot(fleet)).json().path("cursor").asText();
    Future<Fleet.Reply> poll = quietPoll(fleet, cursor);
    Queue<Health> health = new ConcurrentLinkedQueue<>();
    HalfSent note = new HalfSent(fleet, "alice", fleet.conversationOf("g04-0").path("id").asText());

    long stopping = System.nanoTime();
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> fleet.stop(0));
    watch(fleet, ready, health);
    Awaitility.await("not ready any more")
        .atMost(Duration.ofSeconds(10))
        .until(() -> health.stream().anyMatch(seen -> seen.status() == 503));
    assertThat(note.finish()).as("what was under way finishes").isEqualTo(200);
    Fleet.Reply ended = TestGateway.await(poll);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(stopped::isDone);
    stopped.join();
    Duration took = Duration.ofNanos(System.nanoTime() - stopping);
    fleet.add();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                load.calls().stream()
                    .anyMatch(c -> c.sentNanos() - stopping > took.toNanos() && c.accepted()));
    load.stop();

    System.getLogger("G-04")
        .log(
            System.Logger.Level.INFO,
            "stopped in {0}; {1} calls, {2} without an answer",
            took,
            load.calls().size(),
            load.calls().stream().filter(call -> call.status() == 0).count());
    long unready =
        health.stream()
            .filter(seen -> seen.status() == 503)
            .mapToLong(Health::askedNanos)
            .min()
            .orElseThrow(() -> new AssertionError("readiness never said 503: " + health));
    long firstCut =
        load.calls().stream()
            .filter(call -> call.status() == 0)
            .mapToLong(Load.Call::answeredNanos)
            .min()
            .orElse(Long.MAX_VALUE);
    assertThat(unready).as("not ready before the first connection was cut").isLessThan(firstCut);
    assertThat(ended.status()).isIn(200, 204);
    if (ended.status() == 200) {
      assertThat(ended.json().path("changes")).isEmpty();
    }
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> closed.get() != null);
    assertThat(closed.get()).isEqualTo((short) 1001);
    assertThat(load.calls().stream().map(Load.Call::status).distinct()).isSubsetOf(200, 503, 0);
    assertThat(load.lost()).isEmpty();
    assertThat(load.stored()).doesNotHaveDuplicates();
    assertThat(took).isLessThan(Duration.ofSeconds(30));
    TestGateway.await(sockets.close());
  }

  /** A note of which the first half of the body was sent. */
  private static final class HalfSent {
    private final Socket socket;

    HalfSent(Fleet fleet, String who, String conversation) {
      try {
        socket = new Socket(InetAddress.getLoopbackAddress(), fleet.node(0).url().getPort());
        socket.setSoTimeout(20_000);
        write(
            "POST /api/v1/conversations/"
                + conversation
                + "/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\nAuthorization: Bearer "
                + TestGateway.token(who)
                + "\r\n\r\n{\"text\":");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends the rest; the status of the answer. */
    int finish() {
      try (socket) {
        write("\"fast\"}");
        byte[] head = socket.getInputStream().readNBytes(12);
        return Integer.parseInt(new String(head, 9, 3, StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Future<Fleet.Reply> snapshot(Fleet fleet) {
    return fleet.call("sue", HttpMethod.GET, "/api/v1/agent/conversations?wait=0", "");
  }

  /** A poll of somebody about whom nothing changes. */
  private static Future<Fleet.Reply> quietPoll(Fleet fleet, String cursor) {
    return fleet.call(
        "sue", HttpMethod.GET, "/api/v1/agent/conversations?wait=50&cursor=" + cursor, "");
  }

  private record Health(long askedNanos, int status) {}

  /** Asks for readiness again and again until nobody answers. */
  private static void watch(Fleet fleet, URI ready, Queue<Health> seen) {
    long asked = System.nanoTime();
    fleet
        .get(ready)
        .onSuccess(
            reply -> {
              seen.add(new Health(asked, reply.status()));
              if (asked - seen.element().askedNanos() < TimeUnit.SECONDS.toNanos(30)) {
                watch(fleet, ready, seen);
              }
            })
        .onFailure(gone -> seen.add(new Health(asked, 0)));
  }
}
