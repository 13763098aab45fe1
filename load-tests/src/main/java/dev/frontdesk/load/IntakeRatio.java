// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How much of a bare server's intake the gateway keeps: signed webhooks into the gateway against
 * the same requests into a handler that awaits one {@code XADD} on the same Redis, in alternating
 * rounds of one run. Ends with the ledger of everything that was accepted.
 */
public final class IntakeRatio {

  private static final int WORKERS = 256;
  private static final Duration WARM_UP = Duration.ofSeconds(40);

  /** Long enough that the store's rewriting of its file, some 3 s, is a part of a round. */
  private static final Duration ROUND = Duration.ofSeconds(16);

  private final Path folder;
  private final PrintStream out;
  private final IntakeTraffic traffic;
  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final Ledger ledger = new Ledger();

  IntakeRatio(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.traffic = new IntakeTraffic(seed);
    out.println("seed " + seed + ", " + Runtime.getRuntime().availableProcessors() + " cores");
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
                folder.resolve("bare.log"))) {
      List<AgentLoop> agents = IntakeTraffic.agents(gateway);
      IntakeLoad ours = new IntakeLoad(vertx, gateway.publicUrl(), WORKERS, ledger);
      IntakeLoad baseline = new IntakeLoad(vertx, bare.publicUrl(), WORKERS, new Ledger());
      on(() -> ours.ceiling(WORKERS, WARM_UP, traffic::next), WARM_UP);
      on(() -> baseline.ceiling(WORKERS, WARM_UP, traffic::next), WARM_UP);
      double[] ratios = new double[rounds];
      double ceiling = 0;
      long failures = 0;
      for (int round = 0; round < rounds; round++) {
        IntakeLoad.Measured gw = on(() -> ours.ceiling(WORKERS, ROUND, traffic::next), ROUND);
        IntakeLoad.Measured xadd = on(() -> baseline.ceiling(WORKERS, ROUND, traffic::next), ROUND);
        ratios[round] = gw.perSecond() / xadd.perSecond();
        ceiling = Math.max(ceiling, gw.perSecond());
        failures += gw.refused() + gw.failed() + xadd.refused() + xadd.failed();
        out.printf(
            java.util.Locale.ROOT,
            "round %d: gateway %.0f/s (p50 %.1f ms, p99 %.1f ms), bare XADD %.0f/s (p99 %.1f ms),"
                + " ratio %.3f%n",
            round + 1,
            gw.perSecond(),
            gw.p50Millis(),
            gw.p99Millis(),
            xadd.perSecond(),
            xadd.p99Millis(),
            ratios[round]);
      }
      double half = ceiling / 2;
      IntakeLoad.Measured atHalf =
          on(
              () -> ours.rate(half, Duration.ofSeconds(15), i -> traffic.next()),
              Duration.ofSeconds(15));
      failures += atHalf.refused() + atHalf.failed();
      agents.forEach(AgentLoop::stop);
      Arrays.sort(ratios);
      out.printf(
          java.util.Locale.ROOT,
          "ratio to bare XADD min %.3f median %.3f max %.3f; at half the ceiling (%.0f/s, achieved"
              + " %.0f/s) p50 %.1f ms p99 %.1f ms%n",
          ratios[0],
          ratios[rounds / 2],
          ratios[rounds - 1],
          half,
          atHalf.perSecond(),
          atHalf.p50Millis(),
          atHalf.p99Millis());
      out.println("memory: " + Recalls.of(Metrics.read(gateway.managementUrl())));
      int gaps =
          new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
              .inbound(message -> ledger.stored(message.path("externalId").asText()));
      Ledger.Balance balance = ledger.balance();
      out.println(
          balance
              + " gaps="
              + gaps
              + " refusedOrFailed="
              + failures
              + " newContactsOnBothSides="
              + traffic.contacts()
              + " blocked="
              + gateway.blockedWarnings());
      return balance.isClean() && gaps == 0 && failures == 0 && gateway.blockedWarnings() == 0;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private <T> T on(Supplier<Future<T>> work, Duration time) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), time.toSeconds() + 30);
  }
}
