// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Where the gateway's time goes: the same signed webhooks into the gateway and into three bare
 * servers on the same Redis that do more and more of its work ({@link BareServer.Work}), all four
 * in turns. The ratio to the bare handler is what HTTP leaves over, to the bare commit what
 * everything but HTTP and Redis costs. Rounds are shorter than those of {@link IntakeRatio}, whose
 * ratio is the judged one: a rewriting of the store's file may fall into one round and not into the
 * next. Ends with the ledger of everything that the gateway accepted.
 */
public final class Baselines {

  private static final Duration GATEWAY_WARM_UP = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private final Path folder;
  private final IntakeCallers callers;

  Baselines(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.callers = new IntakeCallers(out, seed);
  }

  /** {@code rounds} rounds of all four; true if every one and the ledger were clean. */
  boolean run(int rounds, Duration round) {
    Path config = new LoadConfig(folder).agents(8, 20).write("baselines.yaml");
    List<GatewayProcess> servers = new ArrayList<>();
    try (GatewayProcess gateway =
        GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of())) {
      String redis = RedisProcess.url(folder.resolve("data"));
      List<AgentLoop> agents = IntakeTraffic.agents(gateway);
      IntakeLoad ours = callers.gateway(gateway);
      callers.ceiling(ours, least(GATEWAY_WARM_UP, round));
      Map<BareServer.Work, IntakeLoad> bare = new EnumMap<>(BareServer.Work.class);
      for (BareServer.Work work : BareServer.Work.values()) {
        GatewayProcess server =
            BareServer.start(work, gateway, redis, folder.resolve(BareServer.file(work)));
        servers.add(server);
        IntakeLoad load = callers.beside(server, null);
        bare.put(work, load);
        callers.ceiling(load, least(WARM_UP, round));
      }
      Map<BareServer.Work, double[]> ratios = new EnumMap<>(BareServer.Work.class);
      bare.keySet().forEach(work -> ratios.put(work, new double[rounds]));
      List<String> figures = new ArrayList<>();
      long failures = 0;
      for (int number = 0; number < rounds; number++) {
        failures += round(number, round, ours, bare, ratios, figures);
      }
      agents.forEach(AgentLoop::stop);
      ratios.forEach((work, all) -> figures.add(summary(work, all)));
      boolean clean = callers.account(gateway, failures, "");
      callers.tell(figures, clean, true);
      return clean;
    } finally {
      servers.forEach(GatewayProcess::kill);
      callers.close();
    }
  }

  private static Duration least(Duration warmUp, Duration round) {
    return warmUp.compareTo(round.multipliedBy(2)) < 0 ? warmUp : round.multipliedBy(2);
  }

  /** All four once; how many calls were not accepted. */
  private long round(
      int number,
      Duration time,
      IntakeLoad ours,
      Map<BareServer.Work, IntakeLoad> bare,
      Map<BareServer.Work, double[]> ratios,
      List<String> figures) {
    IntakeLoad.Measured gateway = callers.ceiling(ours, time);
    long failures = gateway.refused() + gateway.failed();
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "round %d: gateway %s", number + 1, text(gateway)));
    for (Map.Entry<BareServer.Work, IntakeLoad> side : bare.entrySet()) {
      IntakeLoad.Measured theirs = callers.ceiling(side.getValue(), time);
      failures += theirs.refused() + theirs.failed();
      double ratio = gateway.perSecond() / theirs.perSecond();
      Objects.requireNonNull(ratios.get(side.getKey()))[number] = ratio;
      line.append(
          String.format(
              Locale.ROOT,
              ", %s %s ratio %.3f",
              BareServer.label(side.getKey()),
              text(theirs),
              ratio));
    }
    figures.add(line.toString());
    return failures;
  }

  private static String text(IntakeLoad.Measured side) {
    return String.format(Locale.ROOT, "%.0f/s (p99 %.1f ms)", side.perSecond(), side.p99Millis());
  }

  private static String summary(BareServer.Work work, double[] ratios) {
    double[] sorted = ratios.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "gateway to %s min %.3f median %.3f max %.3f",
        BareServer.label(work),
        sorted[0],
        sorted[sorted.length / 2],
        sorted[sorted.length - 1]);
  }
}
