// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Redis at {@code maxmemory}: new messages are refused, and what waits is still offered, answered,
 * resolved and breached. In the control nothing is full.
 */
final class R05FullRedis extends ProcessRow {

  private static final int WAITING = 12;

  /** Their clocks fire while Redis is full. */
  private static final int UNANSWERED = 2;

  R05FullRedis() {
    super(
        "R-05",
        "maxmemory reached, noeviction",
        "memory is not full: intake is not refused",
        "intakeOfAKnownContact",
        "intakeOfANewContact");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway =
        rig.gateway(
            "gateway", rig.config("gateway").redis(redis.url()).agents(1, 4).promises("1h", "40s"));
    Ledger ledger = new Ledger();
    int opened = 0;
    for (int i = 0; i < WAITING; i++) {
      opened += send(rig, gateway, ledger, "c" + i, "m" + i) == 200 ? 1 : 0;
    }
    found.equal("opened", WAITING, opened);
    Desk agent = rig.agent(gateway, 0);
    Desk operator = rig.operator(gateway);
    if (!control) {
      redis.set("maxmemory", "1");
    }
    agent.available();
    found.equal("intakeOfAKnownContact", 503, send(rig, gateway, ledger, "c0", "x1"));
    found.equal("intakeOfANewContact", 503, send(rig, gateway, ledger, "new", "x2"));
    double alarm = rig.within(Duration.ofSeconds(10), () -> rig.ready(gateway).status() == 503);
    found.atMost("notReadyAfterMs", 10_000, alarm);
    if (control) {
      return;
    }
    int answered = 0;
    for (int round = 0; round < 20 && answered < WAITING - UNANSWERED; round++) {
      List<JsonNode> offers = agent.offers(1);
      int left = WAITING - UNANSWERED - answered;
      for (JsonNode offer : offers.subList(0, Math.min(left, offers.size()))) {
        JsonNode mine = agent.accept(offer);
        String id = mine.path("id").asText();
        found.holds("", agent.reply(mine, "here you are", "k" + id).status() == 201);
        Map<String, String> code = Map.of("code", "done");
        found.holds("", agent.api().post("/api/v1/conversations/" + id + "/resolve", code).isOk());
        answered++;
      }
    }
    found.equal("answeredWhileFull", WAITING - UNANSWERED, answered);
    double breached =
        rig.within(Duration.ofSeconds(60), () -> Breaches.count(operator) == UNANSWERED);
    found.holds("clocksFireWhileFull", breached < Double.POSITIVE_INFINITY);
    found.equal("intakeIsStillFull", 503, send(rig, gateway, ledger, "c1", "x3"));
    redis.set("maxmemory", "256mb");
    found.equal("intakeAfterwards", 200, send(rig, gateway, ledger, "c0", "x1"));
    List<JsonNode> all = operator.conversations();
    found.atLeast("conversations", WAITING, all.size());
    Audit audit = Audit.of(gateway.publicUrl(), ledger);
    found.ledger(audit);
    // three were refused, one of them was taken when it came again
    found.equal("refusedForGood", 2, audit.balance().refused());
    found.equal("stored", WAITING + 1, audit.balance().stored());
  }

  private static int send(
      Rig rig, GatewayProcess gateway, Ledger ledger, String contact, String id) {
    int status = rig.send(gateway, contact, id, "hello");
    ledger.sent(id, status == 200 ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.REFUSED);
    return status;
  }
}
