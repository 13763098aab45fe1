// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;

/**
 * A platform takes a message and its answer is lost, by silence and by a cut. Where it does not
 * deduplicate the message is unknown and not sent again; where it does, it is sent again and taken
 * once. The control counts the calls of the one that deduplicates as if it did not.
 */
final class O03LostAnswer extends ProcessRow {

  O03LostAnswer() {
    super(
        "O-03",
        "answer lost after the body was sent",
        "a platform that deduplicates is called again",
        "calls");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "sendTimeout: 2s, firstRetry: 500ms");
    JsonNode once = control ? out.hook("a") : out.telegram(1);
    JsonNode again = control ? out.hook("b") : out.telegram(2);
    String name = control ? Outward.HOOK : Outward.TELEGRAM;
    out.platform().inject(name, Fault.TAKEN_THEN_SILENCE, 1);
    String silent = out.reply(once, "silence");
    double first = out.until(control ? "accepted" : "unknown", silent, "silence", 20);
    out.platform().inject(name, Fault.TAKEN_THEN_DROP, 1);
    String cut = out.reply(again, "cut");
    double second = out.until(control ? "accepted" : "unknown", cut, "cut", 20);
    rig.rest(3_000);
    found.holds("silenceDecided", first < Double.POSITIVE_INFINITY);
    found.holds("cutDecided", second < Double.POSITIVE_INFINITY);
    found.equal("taken", 2, out.platform().sentCount(name));
    found.equal("calls", 2, out.platform().callCount(name));
    if (control) {
      return;
    }
    JsonNode third = out.hook("c");
    out.platform().inject(Outward.HOOK, Fault.TAKEN_THEN_DROP, 1);
    String id = out.reply(third, "deduplicated");
    double delivered = out.until("accepted", id, "deduplicated", 20);
    found.holds("deduplicatingDelivered", delivered < Double.POSITIVE_INFINITY);
    found.equal("deduplicatingTaken", 1, out.platform().sentCount(Outward.HOOK));
    found.equal("deduplicatingCalls", 2, out.platform().callCount(Outward.HOOK));
  }
}
