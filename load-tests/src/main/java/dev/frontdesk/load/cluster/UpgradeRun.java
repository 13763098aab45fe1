// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.OlderJar;
import dev.frontdesk.load.RedisProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Two gateways on one Redis, under intake, each replaced in turn: by the same version; then, where
 * an older one is given, the older by this one and this one by the older again. Each round is
 * accounted for by a ledger of its own.
 */
public final class UpgradeRun implements AutoCloseable {

  private static final List<String> WORKSPACES = List.of("desk0", "desk1");
  private static final int GATEWAYS = 2;

  /** The longest time a workspace accepts nothing: nothing but gateways is replaced. */
  private static final double LONGEST_OUTAGE_SECONDS = 2;

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final RedisProcess redis;
  private final Fleet fleet = new Fleet();
  private final PhaseTable table = new PhaseTable("one by one", 32);
  private boolean clean = true;

  /** A run in its own folder. */
  public UpgradeRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
    this.redis = RedisProcess.start(folder.resolve("redis"));
    out.println("seed " + seed + ", folder " + folder.getFileName());
  }

  /**
   * All rounds; true if each was clean.
   *
   * @param older a jar, or a commit to build; empty: only the same version is replaced
   */
  public boolean run(String older) {
    Path jar = older.isEmpty() ? null : OlderJar.of(older);
    for (int n = 0; n < GATEWAYS; n++) {
      fleet.add(start(n, null));
    }
    round("this version by itself", "a", null);
    if (jar == null) {
      out.println("no older version was given: LoadTests upgrade JAR, or a COMMIT to build");
    } else {
      round("this version by the older", "b", jar);
      round("the older by this version", "c", null);
      round("this version by the older again", "d", jar);
    }
    clean &= fleet.stop();
    table.print(out);
    return clean;
  }

  private void round(String name, String ids, @Nullable Path to) {
    Ledger ledger = new Ledger();
    Traffic traffic = new Traffic(fleet.vertx(), random, ids, fleet.urls(), ledger);
    traffic.start(WORKSPACES);
    fleet.rest(1_500);
    for (int n = 0; n < GATEWAYS; n++) {
      replace(n, to, traffic);
      fleet.rest(2_000);
    }
    Traffic.Seen seen = CrashRun.await(traffic.stop(), 60);
    int gaps = fleet.readBack(WORKSPACES, ids, ledger);
    Ledger.Balance balance = ledger.balance();
    boolean isFine =
        balance.isClean()
            && gaps == 0
            && seen.bare() + seen.wrong() == 0
            && seen.worstSeconds() <= LONGEST_OUTAGE_SECONDS;
    clean &= isFine;
    String line =
        table.add(
            name,
            balance,
            seen,
            isFine ? "" : "  <- gaps " + gaps + ", expected outage up to 2 s and else 0");
    assert line.startsWith(name);
  }

  private void replace(int n, @Nullable Path to, Traffic traffic) {
    int code = fleet.replace(n, traffic, () -> start(n, to));
    clean &= code == 0;
    out.println("  gateway " + n + " ended with " + code + " and is replaced");
  }

  private GatewayProcess start(int n, @Nullable Path jar) {
    Path own = folder.resolve("gateway" + n);
    Path config = new DeskConfig(WORKSPACES, List.of(redis.url()), 0).write(own);
    Path log = own.resolve("gateway.log");
    return jar == null
        ? GatewayProcess.start(config, log, Map.of())
        : OlderJar.start(jar, config, log);
  }

  @Override
  public void close() {
    fleet.close();
    redis.close();
  }
}
