// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One platform is dead while another works: answers by the other arrive as before. In the control
 * the other one is dead.
 */
final class O06DeadPlatform extends ProcessRow {

  private static final int CONVERSATIONS = 40;

  /** Each takes the time of a send, 3 s: the platform is dead as long as is measured. */
  private static final int ROUNDS = 4;

  private static final int SAMPLES = 100;

  /** Two looks at the message, one each 20 ms: what is less is not a hold-up. */
  private static final double NOISE_MILLIS = 40;

  O06DeadPlatform() {
    super("O-06", "one platform dead, another not", "the other one is dead", "p99MeanwhileMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "sendTimeout: 3s, firstRetry: 1s, maxAttempts: 3");
    // a conversation each: the longer one is, the longer takes a look at it
    JsonNode first = out.hook("before");
    JsonNode second = out.hook("meanwhile");
    List<JsonNode> dead = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      dead.add(out.telegram(100 + i));
    }
    double before = p99(out, first, "before");
    out.platform().inject(control ? Outward.HOOK : Outward.TELEGRAM, Fault.SILENCE, 10_000);
    for (int round = 0; round < ROUNDS; round++) {
      for (JsonNode one : dead) {
        String id = out.reply(one, "good day " + round);
        assert !id.isEmpty();
      }
    }
    double meanwhile = p99(out, second, "meanwhile");
    found.note("p99BeforeMs", Math.round(before));
    found.atMost("p99MeanwhileMs", before * 1.1 + NOISE_MILLIS, meanwhile);
    if (control) {
      return;
    }
    int decided = 0;
    for (JsonNode one : dead) {
      String id = one.path("id").asText();
      String last = "good day " + (ROUNDS - 1);
      decided += out.until("unknown", id, last, 30) < Double.POSITIVE_INFINITY ? 1 : 0;
    }
    found.equal("decided", CONVERSATIONS, decided);
    // longer than the first pause of a retry
    rig.rest(3_000);
    // what may have been taken is not repeated: one call for each message
    found.equal(
        "callsToTheDead", CONVERSATIONS * ROUNDS, out.platform().callCount(Outward.TELEGRAM));
  }

  /** From the answer until its platform has it. */
  private static double p99(Outward out, JsonNode conversation, String name) {
    double[] took = new double[SAMPLES];
    for (int i = 0; i < took.length; i++) {
      String text = name + i;
      took[i] = out.until("accepted", out.reply(conversation, text), text, 3);
      if (took[i] == Double.POSITIVE_INFINITY) {
        return took[i];
      }
    }
    Arrays.sort(took);
    return took[took.length * 99 / 100 - 1];
  }
}
