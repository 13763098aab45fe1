// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.OlderJar;
import dev.frontdesk.load.ReadBack;
import dev.frontdesk.load.RedisProcess;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** A load balancer hears a moment late that a gateway ends. */
  private static final int TOLD_MILLIS = 500;

  /** The longest time a workspace accepts nothing: nothing but gateways is replaced. */
  private static final double LONGEST_OUTAGE_SECONDS = 2;

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Vertx vertx = Vertx.vertx();
  private final RedisProcess redis;
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private final List<String> table = new ArrayList<>();
  private boolean clean = true;

  /** A run in its own folder. */
  public UpgradeRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
    this.redis = RedisProcess.start(folder.resolve("redis"));
    out.println("seed " + seed + ", folder " + folder.getFileName());
    table.add(
        String.format(
            Locale.ROOT,
            "%-32s %9s %8s %6s %9s %9s %6s %6s",
            "one by one",
            "accepted",
            "503",
            "other",
            "no answer",
            "outage s",
            "lost",
            "twice"));
  }

  /**
   * All rounds; true if each was clean.
   *
   * @param older a jar, or a commit to build; empty: only the same version is replaced
   */
  public boolean run(String older) {
    Path jar = older.isEmpty() ? null : OlderJar.of(older);
    gateways.add(start(0, null));
    gateways.add(start(1, null));
    round("this version by itself", "a", null);
    if (jar == null) {
      out.println("no older version was given: LoadTests upgrade JAR, or a COMMIT to build");
    } else {
      round("this version by the older", "b", jar);
      round("the older by this version", "c", null);
      round("this version by the older again", "d", jar);
    }
    for (GatewayProcess gateway : gateways) {
      clean &= gateway.stop() == 0;
    }
    table.forEach(out::println);
    return clean;
  }

  private void round(String name, String ids, @Nullable Path to) {
    Ledger ledger = new Ledger();
    Traffic traffic = new Traffic(vertx, random, ids, urls(), ledger);
    traffic.start(WORKSPACES);
    rest(1_500);
    for (int n = 0; n < GATEWAYS; n++) {
      replace(n, to, traffic);
      rest(2_000);
    }
    Traffic.Seen seen = CrashRun.await(traffic.stop(), 60);
    int gaps = 0;
    for (String workspace : WORKSPACES) {
      gaps +=
          new ReadBack(urls().get(0), DeskConfig.operator(workspace))
              .inbound(
                  message -> {
                    String id = message.path("externalId").asText();
                    if (id.startsWith(ids)) {
                      ledger.stored(id);
                    }
                  });
    }
    Ledger.Balance balance = ledger.balance();
    long others = seen.bare() + seen.wrong();
    boolean isFine =
        balance.isClean()
            && gaps == 0
            && others == 0
            && seen.worstSeconds() <= LONGEST_OUTAGE_SECONDS;
    clean &= isFine;
    table.add(
        String.format(
            Locale.ROOT,
            "%-32s %9d %8d %6d %9d %9.2f %6d %6d%s",
            name,
            balance.accepted(),
            seen.refused(),
            others,
            seen.unknown(),
            seen.worstSeconds(),
            balance.lost(),
            balance.duplicated(),
            isFine ? "" : "  <- gaps " + gaps + ", expected outage up to 2 s and else 0"));
  }

  private void replace(int n, @Nullable Path to, Traffic traffic) {
    List<URI> others = new ArrayList<>(urls());
    others.remove(n);
    Promise<Void> told = Promise.promise();
    vertx.setTimer(
        TOLD_MILLIS,
        timer -> {
          traffic.through(others);
          told.complete();
        });
    int code = gateways.get(n).stop();
    CrashRun.await(told.future(), 10);
    clean &= code == 0;
    gateways.set(n, start(n, to));
    out.println("  gateway " + n + " ended with " + code + " and is replaced");
    traffic.through(urls());
  }

  private GatewayProcess start(int n, @Nullable Path jar) {
    Path own = folder.resolve("gateway" + n);
    Path config = new DeskConfig(WORKSPACES, List.of(redis.url()), 0).write(own);
    Path log = own.resolve("gateway.log");
    return jar == null
        ? GatewayProcess.start(config, log, Map.of())
        : OlderJar.start(jar, config, log);
  }

  private List<URI> urls() {
    return gateways.stream().map(GatewayProcess::publicUrl).toList();
  }

  private void rest(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis, timer -> over.complete());
    CrashRun.await(over.future(), millis / 1_000 + 10);
  }

  @Override
  public void close() {
    gateways.forEach(GatewayProcess::close);
    redis.close();
    CrashRun.await(vertx.close(), 10);
  }
}
