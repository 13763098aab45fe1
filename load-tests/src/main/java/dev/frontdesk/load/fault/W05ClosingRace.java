// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Agents answer and resolve as fast as they can, resolved conversations close at once, and
 * customers write all the while: every accepted message is in a conversation that was open when it
 * came.
 */
final class W05ClosingRace extends ProcessRow {

  W05ClosingRace() {
    super("W-05", "messages race the closing of their conversation");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws InterruptedException {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(redis.url())
                .agents(4, 20)
                .conversations("reopenWindow: 0s"));
    Writers writers = rig.writers(30, gateway).begin("c", 12);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger resolved = new AtomicInteger();
    List<Thread> agents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Desk agent = rig.agent(gateway, i);
      agent.available();
      Thread thread = new Thread(() -> work(agent, over, resolved));
      thread.start();
      agents.add(thread);
    }
    rig.rest(12_000);
    over.set(true);
    for (Thread thread : agents) {
      thread.join(10_000);
    }
    writers.stop();
    rig.rest(500);
    Desk operator = rig.operator(gateway);
    Map<String, Instant> closed = new HashMap<>();
    int inClosed = 0;
    int perContact = 0;
    List<JsonNode> all = operator.conversations();
    Map<String, Integer> open = new HashMap<>();
    for (JsonNode one : all) {
      boolean isClosed = one.path("state").asText().equals("closed");
      perContact =
          Math.max(
              perContact,
              open.merge(
                  one.path("contact").path("externalId").asText(), isClosed ? 0 : 1, Integer::sum));
      if (isClosed) {
        Instant at =
            operator.events(one.path("id").asText()).stream()
                .filter(event -> event.path("what").asText().equals("closed"))
                .map(event -> Instant.parse(event.path("at").asText()))
                .findFirst()
                .orElse(Instant.MAX);
        Instant before = closed.put(one.path("id").asText(), at);
        assert before == null;
        for (JsonNode message : operator.messages(one.path("id").asText())) {
          inClosed += Instant.parse(message.path("receivedAt").asText()).isAfter(at) ? 1 : 0;
        }
      }
    }
    found.atLeast("resolved", 100, resolved.get());
    found.atLeast("closedLooked", 100, closed.size());
    found.equal("messagesInAClosedOne", 0, inClosed);
    found.atMost("openOnesOfAContact", 1, perContact);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static void work(Desk agent, AtomicBoolean over, AtomicInteger resolved) {
    while (!over.get()) {
      JsonNode snapshot =
          agent.api().get("/api/v1/agent/conversations?wait=1").body().path("changes");
      for (JsonNode change : snapshot) {
        String id = change.path("conversation").path("id").asText();
        String path = "/api/v1/conversations/" + id;
        if (change.path("type").asText().equals("offered")) {
          agent
              .api()
              .post(path + "/accept", Map.of("offer", change.path("offer").path("id").asText()));
        }
        JsonNode mine = agent.api().get(path).body();
        agent.reply(mine, "done", "w05-" + id + mine.path("version").asText());
        resolved.addAndGet(
            agent.api().post(path + "/resolve", Map.of("code", "done")).isOk() ? 1 : 0);
      }
    }
  }
}
