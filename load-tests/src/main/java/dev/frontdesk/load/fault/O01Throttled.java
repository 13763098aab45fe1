// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.PlatformApi;
import java.util.Map;

/** A platform says 429 with a pause of 6 s: nothing goes to that account meanwhile. */
final class O01Throttled extends ProcessRow {

  private static final int PAUSE_SECONDS = 6;

  O01Throttled() {
    super(
        "O-01",
        "429 + Retry-After",
        "a 503 without Retry-After, which is repeated sooner",
        "callsInThePause");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "firstRetry: 500ms");
    JsonNode one = out.hook("one");
    JsonNode two = out.hook("two");
    PlatformApi.Reply refusal =
        control
            ? new PlatformApi.Reply(503, "application/json", Map.of(), "{}", null)
            : PlatformApi.Reply.json(429, "{}")
                .withHeader("Retry-After", Integer.toString(PAUSE_SECONDS));
    out.platform().inject(Outward.HOOK, refusal);
    long asked = System.nanoTime();
    String id = out.reply(one, "first");
    double limited =
        rig.within(
            java.time.Duration.ofSeconds(5), () -> out.platform().callCount(Outward.HOOK) == 1);
    found.note("refusedAfterMs", Math.round(limited));
    String other = out.reply(two, "second");
    rig.rest(PAUSE_SECONDS * 1_000 - 800 - (System.nanoTime() - asked) / 1_000_000);
    long inThePause = out.platform().callCount(Outward.HOOK) - 1;
    double first = out.until("accepted", id, "first", 15);
    double second = out.until("accepted", other, "second", 15);
    found.equal("callsInThePause", 0, inThePause);
    found.holds("firstDelivered", first < Double.POSITIVE_INFINITY);
    found.holds("secondDelivered", second < Double.POSITIVE_INFINITY);
    found.equal("taken", 2, out.platform().sentCount(Outward.HOOK));
    found.equal("calls", 3, out.platform().callCount(Outward.HOOK));
  }
}
