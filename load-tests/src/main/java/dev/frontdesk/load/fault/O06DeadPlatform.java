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

  private static final int MESSAGES = 40;

  /** A median of a few ms has some ms of noise: what is less is not a hold-up. */
  private static final double NOISE_MILLIS = 40;

  O06DeadPlatform() {
    super("O-06", "one platform dead, another not", "the other one is dead", "medianMeanwhileMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Outward out = new Outward(rig, "sendTimeout: 3s, firstRetry: 1s, maxAttempts: 3");
    JsonNode other = out.hook("other");
    List<JsonNode> dead = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      dead.add(out.telegram(100 + i));
    }
    double before = median(out, other, "before");
    out.platform().inject(control ? Outward.HOOK : Outward.TELEGRAM, Fault.SILENCE, 10_000);
    dead.forEach(one -> out.reply(one, "good day"));
    double meanwhile = median(out, other, "meanwhile");
    found.note("medianBeforeMs", Math.round(before));
    found.atMost("medianMeanwhileMs", before * 1.1 + NOISE_MILLIS, meanwhile);
    found.atLeast("callsToTheDead", 1, out.platform().callCount(Outward.TELEGRAM));
  }

  /** From the answer until its platform has it. */
  private static double median(Outward out, JsonNode conversation, String name) {
    double[] took = new double[15];
    for (int i = 0; i < took.length; i++) {
      String text = name + i;
      took[i] = out.until("accepted", out.reply(conversation, text), text, 3);
      if (took[i] == Double.POSITIVE_INFINITY) {
        return took[i];
      }
    }
    Arrays.sort(took);
    return took[took.length / 2];
  }
}
