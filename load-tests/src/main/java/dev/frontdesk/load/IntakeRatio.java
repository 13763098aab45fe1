// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How much of a bare server's intake the gateway keeps: signed webhooks into the gateway against
 * the same requests into a handler that awaits one {@code XADD} on the same Redis, in alternating
 * rounds of one run. Ends with the ledger of everything that was accepted.
 */
public final class IntakeRatio {

  private static final Duration WARM_UP = Duration.ofSeconds(40);

  /** Long enough that the store's rewriting of its file, some 3 s, is a part of a round. */
  private static final Duration ROUND = Duration.ofSeconds(16);

  /** Each of the two half loads: as it comes, and with a rewriting of the file in it. */
  private static final Duration HALF = Duration.ofSeconds(15);

  /** What the median is asked to reach (docs/operations). */
  private static final double LEAST = 0.35;

  /** Of what was planned at half load; less, and the generator fell behind. */
  private static final double KEPT = 0.99;

  private final Path folder;
  private final PrintStream out;
  private final IntakeCallers callers;

  IntakeRatio(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.callers = new IntakeCallers(out, seed);
  }

  /** Runs {@code rounds} pairs; true if every round and the ledger were clean. */
  boolean run(int rounds) {
    Path config = new LoadConfig(folder).agents(8, 20).write("ratio.yaml");
    try (GatewayProcess gateway =
            GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of());
        GatewayProcess bare =
            BareServer.start(
                BareServer.Work.XADD,
                gateway,
                RedisProcess.url(folder.resolve("data")),
                folder.resolve("bare.log"));
        Rewritings rewritings = new Rewritings(RedisProcess.url(folder.resolve("data")))) {
      List<AgentLoop> agents = IntakeTraffic.agents(gateway);
      IntakeLoad ours = callers.gateway(gateway);
      IntakeLoad baseline = callers.beside(bare, new Ledger());
      callers.ceiling(ours, WARM_UP);
      callers.ceiling(baseline, WARM_UP);
      List<String> figures = new ArrayList<>();
      double[] ratios = new double[rounds];
      double ceiling = 0;
      long failures = 0;
      for (int round = 0; round < rounds; round++) {
        IntakeLoad.Measured gw = callers.ceiling(ours, ROUND);
        IntakeLoad.Measured xadd = callers.ceiling(baseline, ROUND);
        ratios[round] = gw.perSecond() / xadd.perSecond();
        ceiling = Math.max(ceiling, gw.perSecond());
        failures += gw.refused() + gw.failed() + xadd.refused() + xadd.failed();
        figures.add(
            String.format(
                Locale.ROOT,
                "round %d: gateway %.0f/s (p50 %.1f ms, p99 %.1f ms), bare XADD %.0f/s (p99 %.1f"
                    + " ms), ratio %.3f",
                round + 1,
                gw.perSecond(),
                gw.p50Millis(),
                gw.p99Millis(),
                xadd.perSecond(),
                xadd.p99Millis(),
                ratios[round]));
      }
      double half = ceiling / 2;
      String before = rewritings.take();
      IntakeLoad.Measured atHalf = callers.rate(ours, half, HALF);
      String meanwhile = rewritings.take();
      rewritings.ask();
      IntakeLoad.Measured rewriting = callers.rate(ours, half, HALF);
      String asked = rewritings.take();
      failures += atHalf.refused() + atHalf.failed() + rewriting.refused() + rewriting.failed();
      agents.forEach(AgentLoop::stop);
      Arrays.sort(ratios);
      figures.add(
          String.format(
              Locale.ROOT,
              "ratio to bare XADD min %.3f median %.3f max %.3f; at half the ceiling (%.0f/s,"
                  + " achieved %.0f/s) p50 %.1f ms p99 %.1f ms",
              ratios[0],
              ratios[rounds / 2],
              ratios[rounds - 1],
              half,
              atHalf.perSecond(),
              atHalf.p50Millis(),
              atHalf.p99Millis()));
      figures.add(
          String.format(
              Locale.ROOT,
              "the same %d s with a rewriting asked for: p50 %.1f ms p99 %.1f ms",
              HALF.toSeconds(),
              rewriting.p50Millis(),
              rewriting.p99Millis()));
      figures.add("rounds: " + before + "; half load: " + meanwhile + "; asked for: " + asked);
      figures.add(
          String.format(
              Locale.ROOT,
              "expected at least %.2f: median %s, %d of %d rounds",
              LEAST,
              ratios[rounds / 2] >= LEAST ? "kept" : "MISSED",
              Arrays.stream(ratios).filter(ratio -> ratio >= LEAST).count(),
              rounds));
      figures.add("memory: " + Recalls.of(Metrics.read(gateway.managementUrl())));
      double least = Math.min(atHalf.askedPerSecond(), rewriting.askedPerSecond());
      boolean kept = least >= half * KEPT;
      if (!kept) {
        out.printf(Locale.ROOT, "asked %.0f/s of %.0f/s at half load%n", least, half);
      }
      boolean clean =
          callers.account(gateway, failures, " newContactsOnBothSides=" + callers.contacts());
      callers.tell(figures, clean, kept);
      return clean && kept;
    } finally {
      callers.close();
    }
  }
}
