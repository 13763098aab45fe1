// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.List;

/** Receipts for messages nobody sent: taken, and nothing comes of them. */
final class O11StrangeReceipt extends ProcessRow {

  O11StrangeReceipt() {
    super(
        "O-11",
        "receipts for ids nobody knows",
        "receipts for the message that was sent",
        "delivery");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "firstRetry: 500ms");
    JsonNode mine = out.hook("one");
    String id = out.reply(mine, "good day");
    double sent = out.until("accepted", id, "good day", 10);
    found.atMost("sentMs", 10_000.0, sent);
    long version = out.agent().conversation(id).path("version").asLong();
    String known = String.valueOf(out.platform().sent(Outward.HOOK).get(0).externalId());
    int taken = 0;
    for (String status : List.of("delivered", "read", "failed")) {
      String target = control ? known : "nobody-" + status;
      String event =
          "{\"id\":\"r-"
              + status
              + "\",\"type\":\"receipt\",\"contact\":{\"id\":\"one\"},\"target\":\""
              + target
              + "\",\"status\":\""
              + status
              + "\"}";
      WebhookRequests.Signed signed =
          new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET)
              .signed(
                  "w-" + status,
                  Buffer.buffer(event),
                  Clock.systemUTC().instant().getEpochSecond());
      taken +=
          rig.post(out.gateway().publicUrl().resolve("/webhooks/load/hook"), signed).status() == 200
              ? 1
              : 0;
    }
    rig.rest(500);
    found.equal("taken", 3, taken);
    found.equal("delivery", "accepted", out.agent().delivery(id, "good day"));
    found.note("versionBefore", version);
    found.equal("conversations", 1, rig.operator(out.gateway()).conversations().size());
  }
}
