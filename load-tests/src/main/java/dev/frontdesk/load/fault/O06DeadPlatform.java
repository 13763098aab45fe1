// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.gateway.domain.ChannelCircuit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One platform is dead while another works: answers by the other arrive as before, the dead one is
 * hardly called, and all that waited for it arrives once it is back. In the control the other one
 * is dead.
 */
final class O06DeadPlatform extends ProcessRow {

  /** Each has an answer that waits: more than twice what may be on its way. */
  private static final int CONVERSATIONS = 160;

  /** These have two. */
  private static final int TWICE = 40;

  private static final int IN_FLIGHT = 64;
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
    List<String> dead = new ArrayList<>();
    double before = p99(out, first, "before");
    out.platform().inject(control ? Outward.HOOK : Outward.TELEGRAM, Fault.SILENCE, 10_000);
    for (int i = 0; i < CONVERSATIONS; i++) {
      JsonNode one = out.telegram(100 + i);
      dead.add(out.reply(one, "good day"));
      if (i < TWICE) {
        String same = out.reply(one, "good bye");
        assert same.equals(dead.get(i));
      }
    }
    double opened = rig.within(Duration.ofSeconds(10), () -> resting(out) == 1);
    double meanwhile = p99(out, second, "meanwhile");
    found.note("p99BeforeMs", Math.round(before));
    found.atMost("p99MeanwhileMs", before * 1.1 + NOISE_MILLIS, meanwhile);
    if (control) {
      return;
    }
    found.atMost("circuitOpensWithinMs", 10_000, opened);
    long called = out.platform().callCount(Outward.TELEGRAM);
    // as many as may be on their way, as many as leave until the tenth failure is heard of, and few
    // that try it
    found.atMost("callsToTheDead", IN_FLIGHT + ChannelCircuit.MOST + 8, called);
    out.platform().heal(Outward.TELEGRAM);
    List<String> answers = new ArrayList<>();
    double took =
        rig.within(
            ChannelCircuit.LONGEST.plusSeconds(30),
            () -> {
              answers.clear();
              dead.forEach(id -> answers.addAll(out.agent().deliveries(id, "good ")));
              return answers.stream().allMatch(Set.of("accepted", "unknown")::contains);
            });
    found.atMost("decidedWithinMs", 1e3 * ChannelCircuit.LONGEST.plusSeconds(30).toSeconds(), took);
    long unknown = answers.stream().filter("unknown"::equals).count();
    found.equal("answers", CONVERSATIONS + TWICE, answers.size());
    found.note("unknown", unknown);
    // what may have been taken is not repeated: one call for each message
    found.equal("calls", CONVERSATIONS + TWICE, out.platform().callCount(Outward.TELEGRAM));
    found.equal(
        "takenOnce", CONVERSATIONS + TWICE - unknown, out.platform().sentCount(Outward.TELEGRAM));
    found.equal("outOfOrder", 0, outOfOrder(out.platform().sent(Outward.TELEGRAM)));
  }

  private static double resting(Outward out) {
    return Metrics.read(out.gateway().managementUrl()).sum("frontdesk_outbox_resting");
  }

  /** Contacts to whom the platform was given a first answer after a second one. */
  private static long outOfOrder(List<PlatformApi.Sent> sent) {
    Set<String> saidGoodBye = new HashSet<>();
    long wrong = 0;
    for (PlatformApi.Sent one : sent) {
      if (one.text().equals("good bye")) {
        saidGoodBye.add(one.contact());
      } else if (saidGoodBye.contains(one.contact())) {
        wrong++;
      }
    }
    return wrong;
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
