// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.PlatformApi;
import java.time.Duration;
import java.util.List;

/** Five answers to one person at once, over a platform that fails now and then: order is kept. */
final class O09FiveAnswers extends ProcessRow {

  O09FiveAnswers() {
    super("O-09", "five answers to one person at once, the platform failing");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "firstRetry: 300ms");
    JsonNode mine = out.hook("one");
    out.platform().inject(Outward.HOOK, Fault.UNAVAILABLE, 2);
    List<String> texts = List.of("first", "second", "third", "fourth", "fifth");
    texts.forEach(text -> out.reply(mine, text));
    double all =
        rig.within(
            Duration.ofSeconds(20), () -> out.platform().sentCount(Outward.HOOK) == texts.size());
    found.atMost("deliveredMs", 20_000.0, all);
    found.equal(
        "order",
        texts.toString(),
        out.platform().sent(Outward.HOOK).stream().map(PlatformApi.Sent::text).toList().toString());
  }
}
