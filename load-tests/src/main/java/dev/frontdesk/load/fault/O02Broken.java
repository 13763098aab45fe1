// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * A platform answers 500 and 503: every message is tried so often and no more, then it is a dead
 * letter, its agent sees it, and an operator's retry sends it once.
 */
final class O02Broken extends ProcessRow {

  private static final int MESSAGES = 10;
  private static final int ATTEMPTS = 4;

  O02Broken() {
    super(
        "O-02",
        "500 and 503 in bursts",
        "the platform recovers after one attempt each",
        "failed",
        "attempts");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "maxAttempts: " + ATTEMPTS + ", firstRetry: 500ms");
    List<JsonNode> all = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      all.add(out.hook("c" + i));
    }
    int broken = control ? MESSAGES : MESSAGES * ATTEMPTS;
    for (int i = 0; i < broken; i++) {
      out.platform().inject(Outward.HOOK, i % 2 == 0 ? Fault.SERVER_ERROR : Fault.UNAVAILABLE, 1);
    }
    all.forEach(one -> out.reply(one, "good day"));
    int failed = 0;
    for (JsonNode one : all) {
      String id = one.path("id").asText();
      failed +=
          out.until("failed", id, "good day", control ? 3 : 30) < Double.POSITIVE_INFINITY ? 1 : 0;
    }
    Desk operator = rig.operator(out.gateway());
    JsonNode letters = Desk.ok(operator.api().get("/api/v1/dead-letters")).path("deadLetters");
    found.equal("failed", MESSAGES, failed);
    found.equal("deadLetters", MESSAGES, letters.size());
    found.equal("attempts", MESSAGES * ATTEMPTS, out.platform().callCount(Outward.HOOK));
    found.equal("taken", 0, out.platform().sentCount(Outward.HOOK));
    for (JsonNode letter : letters) {
      String path = "/api/v1/dead-letters/" + letter.path("id").asText() + "/retry";
      found.holds("", operator.api().post(path, java.util.Map.of()).status() == 202);
    }
    int delivered = 0;
    for (JsonNode one : all) {
      String id = one.path("id").asText();
      delivered += out.until("accepted", id, "good day", 15) < Double.POSITIVE_INFINITY ? 1 : 0;
    }
    found.equal("deliveredByRetry", MESSAGES, delivered);
    found.equal("takenOnceEach", MESSAGES, out.platform().sentCount(Outward.HOOK));
  }
}
