// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 500 agents wait in polls when their gateway dies; all come back to another at once. Every
 * conversation that comes then is offered, to somebody who hears of it.
 */
final class A05Herd extends ProcessRow {

  private static final int AGENTS = 500;
  private static final int CONVERSATIONS = 100;

  A05Herd() {
    super("A-05", "500 long-polls come back at once");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess first =
        rig.gateway("first", rig.config("first").redis(redis.url()).agents(AGENTS, 1));
    GatewayProcess next =
        rig.gateway("next", rig.config("next").redis(redis.url()).agents(AGENTS, 1));
    List<CompletableFuture<Void>> arrivals = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      arrivals.add(call(rig, first, i, "PUT", "/api/v1/agent/presence").thenAccept(s -> {}));
    }
    CompletableFuture.allOf(arrivals.toArray(CompletableFuture[]::new)).join();
    List<CompletableFuture<String>> waiting = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      waiting.add(call(rig, first, i, "GET", "/api/v1/agent/conversations?wait=30"));
    }
    rig.rest(2_000);
    first.kill();
    AtomicInteger offered = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    long began = System.nanoTime();
    List<CompletableFuture<Void>> polls = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      polls.add(
          snapshot(rig, next, i, 10)
              .thenCompose(body -> again(rig, next, body, refused))
              .thenAccept(body -> offered.addAndGet(body.contains("\"offered\"") ? 1 : 0)));
    }
    rig.rest(1_000);
    double herd = (System.nanoTime() - began) / 1e6;
    int accepted = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      accepted += rig.send(next, "c" + i, "c" + i + "-0", "hello") == 200 ? 1 : 0;
    }
    double all = rig.within(Duration.ofSeconds(25), () -> offered.get() >= CONVERSATIONS);
    List<JsonNode> conversations = rig.operator(next).conversations();
    found.note("reconnectMs", Math.round(herd));
    found.equal("accepted", CONVERSATIONS, accepted);
    found.equal("pollsRefused", 0, refused.get());
    found.atMost("allOfferedMs", 25_000.0, all);
    found.equal(
        "offered",
        CONVERSATIONS,
        conversations.stream().filter(c -> c.path("state").asText().equals("offered")).count());
    found.atLeast("heard", CONVERSATIONS, offered.get());
    waiting.forEach(one -> one.cancel(true));
    polls.forEach(one -> one.cancel(true));
  }

  /** The first poll; as any client does, asked again when it is not answered. */
  private static CompletableFuture<String> snapshot(
      Rig rig, GatewayProcess gateway, int agent, int tries) {
    return call(rig, gateway, agent, "GET", "/api/v1/agent/conversations?wait=0")
        .thenCompose(
            body ->
                body.isEmpty() && tries > 1
                    ? CompletableFuture.supplyAsync(
                            () -> agent,
                            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS))
                        .thenCompose(who -> snapshot(rig, gateway, who, tries - 1))
                    : CompletableFuture.completedFuture(body));
  }

  /** The next poll from the cursor of a snapshot: it waits. */
  private static CompletableFuture<String> again(
      Rig rig, GatewayProcess gateway, String snapshot, AtomicInteger refused) {
    int at = snapshot.indexOf("\"cursor\":\"");
    int agent = snapshot.lastIndexOf('#');
    if (at < 0 || agent < 0) {
      refused.incrementAndGet();
      return CompletableFuture.completedFuture("");
    }
    String cursor = snapshot.substring(at + 10, snapshot.indexOf('"', at + 10));
    int number = Integer.parseInt(snapshot.substring(agent + 1));
    return call(
        rig, gateway, number, "GET", "/api/v1/agent/conversations?wait=40&cursor=" + cursor);
  }

  /** The body, and behind it {@code #} and the agent's number; empty when there is no answer. */
  private static CompletableFuture<String> call(
      Rig rig, GatewayProcess gateway, int agent, String method, String path) {
    HttpRequest.BodyPublisher body =
        method.equals("GET")
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString("{\"presence\":\"available\"}");
    HttpRequest request =
        HttpRequest.newBuilder(gateway.publicUrl().resolve(path))
            .method(method, body)
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + LoadConfig.agentToken(agent))
            .header("Content-Type", "application/json")
            .build();
    return rig.http()
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle(
            (response, failure) ->
                failure == null && response.statusCode() == 200
                    ? response.body() + "#" + agent
                    : "");
  }
}
