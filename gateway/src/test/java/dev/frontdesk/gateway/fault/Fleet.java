// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Some gateways on one Redis of their own, and what their clients see. */
final class Fleet implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(64).setMaxWaitQueueSize(-1));
  private final OwnRedis redis;
  private final List<TestGateway> nodes = new CopyOnWriteArrayList<>();
  private final Path folder;
  private int started;
  private final DeskYaml yaml;
  private volatile URI latest = URI.create("http://127.0.0.1:9");

  /** Starts {@code size} gateways on a new Redis in {@code folder}. */
  Fleet(Path folder, int size, DeskYaml yaml) {
    this.folder = folder;
    this.yaml = yaml;
    this.redis = new OwnRedis(folder);
    yaml.redis(redis);
    for (int i = 0; i < size; i++) {
      add();
    }
  }

  /** One more gateway on the same Redis. */
  TestGateway add() {
    TestGateway node = new TestGateway(yaml.in(folder.resolve("node" + started++)));
    nodes.add(node);
    latest = node.url();
    return node;
  }

  /** Stops a gateway as SIGTERM does; until the next one starts its address stays the address. */
  void stop(int node) {
    TestGateway going = nodes.get(node);
    going.close();
    nodes.remove(going);
  }

  /** Ends a gateway as kill -9 does. */
  void kill(int node) {
    TestGateway dying = nodes.get(node);
    nodes.remove(dying);
    dying.kill();
  }

  OwnRedis redis() {
    return redis;
  }

  Vertx vertx() {
    return vertx;
  }

  TestGateway node(int index) {
    return nodes.get(index % nodes.size());
  }

  ApiClient as(String who) {
    return node(0).as(who);
  }

  static Instant now() {
    return Clock.systemUTC().instant();
  }

  /** What a platform got for its call. */
  record Reply(int status, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Future<Reply> post(int node, InboundSample sample) {
    URI url = nodes.isEmpty() ? latest : node(node).url();
    return post(url.resolve("/webhooks/acme/hook"), sample);
  }

  /** Makes a platform's call; a lost connection fails the future. */
  Future<Reply> post(URI channel, InboundSample sample) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(channel + sample.path())
            .setTimeout(20_000);
    sample.headers().forEach(options::addHeader);
    return client
        .request(options)
        .compose(request -> request.send(sample.body()).compose(Fleet::whole));
  }

  /** Asked for on the context the answer came on: a listener added later may miss its body. */
  private static Future<Reply> whole(HttpClientResponse response) {
    return response.body().map(body -> new Reply(response.statusCode(), body.toString()));
  }

  /** The answer to a call made now. */
  Reply send(int node, InboundSample sample) {
    return TestGateway.await(post(node, sample));
  }

  /** A call of the JSON API, without waiting for it. */
  Future<Reply> call(String who, HttpMethod method, String path, String body) {
    return call(0, who, method, path, body, null);
  }

  /** A call of the JSON API of one gateway, with an {@code Idempotency-Key} or null. */
  Future<Reply> call(
      int node, String who, HttpMethod method, String path, String body, String key) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(node(node).url() + path)
            .setTimeout(20_000)
            .putHeader("authorization", "Bearer " + TestGateway.token(who))
            .putHeader("content-type", "application/json");
    if (key != null) {
      options.putHeader("idempotency-key", key);
    }
    return client.request(options).compose(request -> request.send(body).compose(Fleet::whole));
  }

  /** A text of a customer, signed now. */
  InboundSample text(String contact, String id, String text) {
    return DeskYaml.CUSTOMER.message(contact, contact, text, id, now());
  }

  /** Any event of the webhook connector, signed now. */
  InboundSample event(String json) {
    return DeskYaml.CUSTOMER.signed("any", Buffer.buffer(json), now());
  }

  /** The sum over all nodes of the samples whose line contains every one of {@code parts}. */
  double metric(String... parts) {
    return nodes.stream()
        .flatMap(node -> scraped(node).lines())
        .filter(line -> Stream.of(parts).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String scraped(TestGateway node) {
    Reply reply = TestGateway.await(get(URI.create(node.gateway().managementUrl() + "/metrics")));
    if (reply.status() != 200 || !reply.body().contains("frontdesk_")) {
      throw new AssertionError("scrape: " + reply);
    }
    return reply.body();
  }

  Future<Reply> get(URI address) {
    return client
        .request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address.toString()))
        .compose(request -> request.send().compose(Fleet::whole));
  }

  /** Every conversation of workspace {@code acme} that {@code which} holds for. */
  List<JsonNode> conversations(Predicate<JsonNode> which) {
    List<JsonNode> found = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page = read("/api/v1/conversations?limit=200" + cursor);
      page.path("conversations").forEach(found::add);
      cursor = page.hasNonNull("cursor") ? "&cursor=" + page.get("cursor").asText() : null;
    }
    return found.stream().filter(which).toList();
  }

  List<JsonNode> conversationsOf(String contact) {
    return conversations(c -> c.path("contact").path("externalId").asText().equals(contact));
  }

  JsonNode conversationOf(String contact) {
    List<JsonNode> all = conversationsOf(contact);
    if (all.size() != 1) {
      throw new AssertionError(contact + " has " + all.size() + " conversations");
    }
    return all.get(0);
  }

  /** What a supervisor reads there; nothing is taken for absent because the store was away. */
  private JsonNode read(String path) {
    ApiClient.Answer answer = as("sue").get(path);
    if (answer.status() != 200) {
      throw new AssertionError(path + " got " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }

  /** Its messages, ascending. */
  List<JsonNode> messages(String conversation) {
    List<JsonNode> all = new ArrayList<>();
    String path = "/api/v1/conversations/" + conversation + "/messages?limit=200&after=";
    int read;
    do {
      read = all.size();
      read(path + read).path("messages").forEach(all::add);
    } while (all.size() > read);
    return all;
  }

  /** The changes {@code agent} sees from a snapshot on. */
  JsonNode snapshot(String agent) {
    return as(agent).get("/api/v1/agent/conversations?wait=0").body();
  }

  /** Says an agent is there. */
  void available(String agent) {
    int status = as(agent).put("/api/v1/agent/presence", Map.of("presence", "available")).status();
    if (status != 200) {
      throw new AssertionError(agent + " got " + status);
    }
  }

  /** The offers {@code agent} holds, as soon as there are {@code count}. */
  List<JsonNode> offers(String agent, int count) {
    List<JsonNode> offers = new ArrayList<>();
    Awaitility.await(count + " offers of " + agent)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              offers.clear();
              for (JsonNode change : snapshot(agent).path("changes")) {
                if (change.path("type").asText().equals("offered") && change.has("offer")) {
                  offers.add(change);
                }
              }
              return offers.size() >= count;
            });
    return offers;
  }

  /** Lets {@code agent} accept the conversation of an offer; its state then. */
  JsonNode accept(String agent, JsonNode offered) {
    String id = offered.path("conversation").path("id").asText();
    ApiClient.Answer answer =
        as(agent)
            .post(
                "/api/v1/conversations/" + id + "/accept",
                Map.of("offer", offered.path("offer").path("id").asText()));
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
    return answer.body();
  }

  /** Replies as the owner of a conversation. */
  ApiClient.Answer reply(String agent, JsonNode conversation, String text, String key) {
    return as(agent)
        .post(
            "/api/v1/conversations/" + conversation.path("id").asText() + "/messages",
            Map.of("text", text, "epoch", conversation.path("epoch").asLong()),
            key);
  }

  @Override
  public void close() {
    nodes.forEach(TestGateway::close);
    redis.close();
    TestGateway.await(vertx.close());
  }
}
