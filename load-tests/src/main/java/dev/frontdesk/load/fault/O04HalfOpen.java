// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.gateway.domain.ChannelCircuit;
import java.util.ArrayList;
import java.util.List;

/**
 * A platform takes connections and never answers, or answers one byte at a time: each send ends at
 * its deadline, and another channel is not held up. In the control the deadline is far off.
 */
final class O04HalfOpen extends ProcessRow {

  private static final int MESSAGES = 20;

  O04HalfOpen() {
    super(
        "O-04",
        "platform accepts and never answers, or drips",
        "sendTimeout of 60 s",
        "endedAtTheirDeadline");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out =
        new Outward(
            rig, "sendTimeout: " + (control ? "60s" : "2s") + ", firstRetry: 500ms, inFlight: 32");
    List<JsonNode> silent = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      silent.add(out.telegram(100 + i));
    }
    JsonNode other = out.hook("other");
    out.platform().inject(Outward.TELEGRAM, Fault.SILENCE, MESSAGES / 2);
    out.platform().inject(Outward.TELEGRAM, Fault.SLOW_BODY, MESSAGES / 2);
    silent.forEach(one -> out.reply(one, "good day"));
    String id = out.reply(other, "elsewhere");
    found.atMost("otherChannelMs", 1_500.0, out.until("accepted", id, "elsewhere", 10));
    int ended = 0;
    for (JsonNode one : silent) {
      String path = one.path("id").asText();
      double took =
          rig.within(
              java.time.Duration.ofSeconds(control ? 1 : 12),
              () -> out.agent().delivery(path, "good day").matches("unknown|accepted|failed"));
      ended += took < Double.POSITIVE_INFINITY ? 1 : 0;
    }
    found.equal("endedAtTheirDeadline", MESSAGES, ended);
    found.equal("calls", MESSAGES, out.platform().callCount(Outward.TELEGRAM));
    JsonNode next = out.telegram(999);
    out.platform().heal(Outward.TELEGRAM);
    // twenty that heard nothing let the channel rest: what comes next waits for the end of that
    double rest = ChannelCircuit.FIRST.toMillis();
    found.atMost(
        "afterwardsMs", rest + 3_000.0, out.until("accepted", out.reply(next, "ok"), "ok", 10));
  }
}
