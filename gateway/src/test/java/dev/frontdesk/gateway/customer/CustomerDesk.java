// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.fault.OwnRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Two gateways on one Redis, two channels, and everything that stands in that Redis. */
final class CustomerDesk implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final WebhookCustomer SENDER = new WebhookCustomer(Secret.of(TestGateway.SECRET));

  private final OwnRedis redis;
  final List<TestGateway> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String yaml;
  private final Path folder;

  /** {@code more}: further lines of the workspace, indented by 4. */
  CustomerDesk(Path folder, int gateways, String more) {
    this.folder = folder;
    this.redis = new OwnRedis(folder);
    this.yaml =
        """
        server: { host: 127.0.0.1, port: 0, managementPort: 0 }
        redis: { url: "%s" }
        dataDir: "%s"
        workspaces:
          acme:
            channels:
              hook: { connector: webhook, settings: { secret: KEY, sendUrl: "http://127.0.0.1:9/" } }
              wx: { connector: webhook, settings: { secret: KEY, sendUrl: "http://127.0.0.1:9/" } }
              chat: { connector: webhook, settings: { secret: KEY, sendUrl: "http://127.0.0.1:9/" } }
            promises:
              gold: { firstResponse: 1h, nextResponse: 30m }
              creation: { firstResponse: 2h, onRaise: from_creation }
              normal: { firstResponse: 4h, nextResponse: 2h }
            defaults: { queue: support, promise: normal }
            triage:
              - { when: 'customer.tier == "gold"', set: { promise: gold, priority: 2 } }
              - { when: 'customer.tier == "silver"', set: { promise: creation } }
              - { when: '"region" in customer.attributes && customer.attributes["region"] == "north"', set: { category: usage } }
            queues: { support: {} }
            agents:
              alice: { token: ALICE, queues: [support], capacity: 1 }
              bob: { token: BOB, queues: [support], capacity: 1 }
              sue: { token: SUE, role: supervisor }
              olga: { token: OLGA, role: operator }
            bots:
              faq: { token: FAQ-TOKEN-0123456789abcdef, channels: [chat], lostGrace: 10m, replyTimeout: 10m }
        """
                .replace("KEY", TestGateway.SECRET)
                .replace("ALICE", TestGateway.token("alice"))
                .replace("BOB", TestGateway.token("bob"))
                .replace("SUE", TestGateway.token("sue"))
                .replace("OLGA", TestGateway.token("olga"))
            + more;
    for (int i = 0; i < gateways; i++) {
      add();
    }
  }

  TestGateway add() {
    TestGateway node =
        new TestGateway(
            String.format(
                java.util.Locale.ROOT, yaml, redis.url(), folder.resolve("node" + nodes.size())));
    nodes.add(node);
    return node;
  }

  record Reply(int status, JsonNode body) {}

  Reply call(int node, String who, String method, String path, @Nullable JsonObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(nodes.get(node).url().resolve("/api/v1" + path))
            .header("Authorization", "Bearer " + TestGateway.token(who))
            .header("Idempotency-Key", "k" + System.nanoTime())
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.encode()));
    HttpResponse<String> response = send(request);
    try {
      return new Reply(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A customer's message, signed, as a platform posts it; 200 each time. */
  JsonNode message(int node, String channel, String contact, String id, JsonObject more) {
    JsonObject event =
        new JsonObject()
            .put("id", id)
            .put("type", "message")
            .put("contact", new JsonObject().put("id", contact).put("name", contact + " name"))
            .put("content", new JsonObject().put("kind", "text").put("text", "text of " + id))
            .put("sentAt", Clock.systemUTC().instant().toString())
            .mergeIn(more, true);
    InboundSample sample =
        SENDER.signed("msg_" + id, Buffer.buffer(event.encode()), Clock.systemUTC().instant());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(nodes.get(node).url().resolve("/webhooks/acme/" + channel))
            .POST(HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    sample.headers().forEach(request::header);
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode message(int node, String channel, String contact, String id) {
    return message(node, channel, contact, id, new JsonObject());
  }

  static JsonObject tier(String tier) {
    return new JsonObject().put("contact", new JsonObject().put("tier", tier));
  }

  /** What {@code PUT /customers/{id}} takes. */
  static JsonObject customer(@Nullable String tier, String... identities) {
    io.vertx.core.json.JsonArray all = new io.vertx.core.json.JsonArray();
    for (String one : identities) {
      int slash = one.indexOf('/');
      all.add(
          new JsonObject()
              .put("channel", one.substring(0, slash))
              .put("externalId", one.substring(slash + 1)));
    }
    JsonObject body = new JsonObject().put("name", "Uma Example").put("identities", all);
    return tier == null ? body : body.put("tier", tier);
  }

  List<JsonNode> conversations(String query) {
    List<JsonNode> all = new ArrayList<>();
    Reply reply = call(0, "sue", "GET", "/conversations?limit=200" + query, null);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    reply.body().path("conversations").forEach(all::add);
    return all;
  }

  /** The newest conversation of a contact. */
  JsonNode of(String channel, String contact) {
    return conversations("&channel=" + channel).stream()
        .filter(c -> c.path("contact").path("externalId").asText().equals(contact))
        .findFirst()
        .orElseThrow();
  }

  /** Lets an agent take what waits until the conversation is his. */
  JsonNode taken(int node, String agent, String channel, String contact) {
    call(node, agent, "PUT", "/agent/presence", new JsonObject().put("presence", "available"));
    Awaitility.await(agent + " has it")
        .pollInterval(java.time.Duration.ofMillis(20))
        .until(
            () -> {
              JsonNode now = of(channel, contact);
              if (now.path("state").asText().equals("waiting")) {
                call(node, agent, "POST", "/queue/take", new JsonObject());
              }
              accept(node, agent);
              return of(channel, contact).path("owner").path("id").asText().equals(agent);
            });
    return of(channel, contact);
  }

  private void accept(int node, String agent) {
    for (JsonNode change : changes(node, agent)) {
      String offer = change.path("offer").path("id").asText("");
      if (!offer.isEmpty()) {
        String id = change.path("conversation").path("id").asText();
        call(
            node,
            agent,
            "POST",
            "/conversations/" + id + "/accept",
            new JsonObject().put("offer", offer));
      }
    }
  }

  List<JsonNode> changes(int node, String agent) {
    List<JsonNode> changes = new ArrayList<>();
    call(node, agent, "GET", "/agent/conversations?wait=0", null)
        .body()
        .path("changes")
        .forEach(changes::add);
    return changes;
  }

  /** Where an agent's inbox ends now. */
  String cursor(int node, String agent) {
    return call(node, agent, "GET", "/agent/conversations?wait=0", null)
        .body()
        .path("cursor")
        .asText();
  }

  /** What came since. */
  List<JsonNode> since(int node, String agent, String cursor) {
    List<JsonNode> changes = new ArrayList<>();
    call(node, agent, "GET", "/agent/conversations?wait=0&cursor=" + cursor, null)
        .body()
        .path("changes")
        .forEach(changes::add);
    return changes;
  }

  /** Every key of the Redis with everything in it, as text. */
  Map<String, String> everything() {
    RedisClient client = RedisClient.create(redis.url());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      RedisCommands<String, String> commands = connection.sync();
      Map<String, String> all = new java.util.TreeMap<>();
      for (String key : commands.keys("*")) {
        String type = commands.type(key);
        String value =
            switch (type) {
              case "string" -> String.valueOf(commands.get(key));
              case "hash" -> commands.hgetall(key).toString();
              case "list" -> commands.lrange(key, 0, -1).toString();
              case "zset" -> commands.zrange(key, 0, -1).toString();
              case "stream" -> commands.xrange(key, io.lettuce.core.Range.unbounded()).toString();
              default -> "";
            };
        all.put(key, value);
      }
      return all;
    } finally {
      client.shutdown();
    }
  }

  /** Does something to that Redis behind the gateways' back. */
  void redis(java.util.function.Consumer<RedisCommands<String, String>> deed) {
    RedisClient client = RedisClient.create(redis.url());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      deed.accept(connection.sync());
    } finally {
      client.shutdown();
    }
  }

  @Override
  public void close() {
    nodes.forEach(TestGateway::close);
    redis.close();
  }
}
