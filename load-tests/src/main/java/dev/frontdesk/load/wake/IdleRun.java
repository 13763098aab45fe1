// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WrongUsage;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What it costs a gateway that somebody waits: its memory after a collection with nobody, with so
 * many idle long-polls, and, another gateway, with so many idle sockets of visitors. A few came
 * before, so that what is only made once is not counted. Blocked loops are not judged: a full
 * collection holds them.
 */
public final class IdleRun {

  /** Who comes first and is not counted. */
  private static final int FIRST = 200;

  /**
   * Most resident bytes of an idle socket: what Centrifugo, a server for sockets only, published
   * for a million of them (27 GB).
   */
  private static final double SOCKET_BYTES = 30_000;

  /** So that what connecting left behind is gone, and every poll read again at least once. */
  private static final Duration SETTLE = Duration.ofSeconds(6);

  private final Path folder;
  private final PrintStream out;
  private final Vertx vertx = Vertx.vertx();

  /** A run in a folder of its own. */
  public IdleRun(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Measures both; true if all stayed, and a socket is within its bound. */
  public boolean run(int polls, int sockets) {
    String missing = OpenFiles.missing(Math.max(polls, sockets) + FIRST);
    if (!missing.isEmpty()) {
      throw new WrongUsage(missing);
    }
    try {
      boolean waited = polls(polls);
      return sockets(sockets) && waited;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private boolean polls(int count) {
    Path at = folder.resolve("polls");
    Path config =
        new LoadConfig(at)
            .agents(count + FIRST, 4)
            .limits(WakeRun.limits(count + FIRST))
            .write("idle.yaml");
    try (GatewayProcess gateway =
            GatewayProcess.start(config, at.resolve("gateway.log"), Map.of());
        PollingAgents agents =
            new PollingAgents(gateway.publicUrl(), count + FIRST, (who, a, change, t) -> {})) {
      agents.come(count, count + FIRST, "busy");
      Weight before = weigh(gateway, at);
      agents.come(0, count, "busy");
      Weight after = weigh(gateway, at);
      tell("long-poll", before, after, count);
      int waiting = agents.waiting();
      String trouble = agents.trouble();
      out.printf(
          Locale.ROOT,
          "%d polls wait, troubles %d%s%n",
          waiting,
          agents.troubles(),
          trouble == null ? "" : " (" + trouble + ")");
      return waiting == count + FIRST && agents.troubles() == 0;
    }
  }

  private boolean sockets(int count) {
    Path at = folder.resolve("sockets");
    Path config =
        new LoadConfig(at)
            .limits(WakeRun.limits(count + FIRST))
            .channel(
                IdleVisitors.CHANNEL,
                "{ connector: webchat, settings: { allowedOrigins: [\"*\"],"
                    + " identitySecret: load-identity-secret } }")
            .write("idle.yaml");
    try (GatewayProcess gateway =
            GatewayProcess.start(config, at.resolve("gateway.log"), Map.of());
        IdleVisitors visitors = new IdleVisitors(gateway.publicUrl(), count + FIRST)) {
      visitors.come(FIRST);
      Weight before = weigh(gateway, at);
      visitors.come(count);
      Weight after = weigh(gateway, at);
      double bytes = tell("socket", before, after, count);
      out.printf(
          Locale.ROOT,
          "%d sockets open; resident bytes of a socket at most %.0f: %s%n",
          visitors.open(),
          SOCKET_BYTES,
          bytes <= SOCKET_BYTES ? "kept" : "MISSED");
      return visitors.open() == count + FIRST && bytes <= SOCKET_BYTES;
    }
  }

  /** Memory of a gateway and of what its store holds. */
  private record Weight(GatewayMemory gateway, long storeBytes) {}

  private Weight weigh(GatewayProcess gateway, Path at) {
    Promise<Void> settled = Promise.promise();
    vertx.setTimer(SETTLE.toMillis(), timer -> settled.complete());
    CrashRun.await(settled.future(), SETTLE.toSeconds() + 10);
    return new Weight(
        GatewayMemory.of(gateway), RedisProcess.dataset(RedisProcess.url(at.resolve("data"))));
  }

  private double tell(String what, Weight before, Weight after, int count) {
    double resident =
        (after.gateway().residentBytes() - before.gateway().residentBytes()) / (double) count;
    out.printf(
        Locale.ROOT,
        "%d idle %ss: gateway resident %.1f MiB before, %.1f MiB with them; bytes per %s resident"
            + " %.0f, heap %.0f, Redis %.0f%n",
        count,
        what,
        before.gateway().residentBytes() / 1048576.0,
        after.gateway().residentBytes() / 1048576.0,
        what,
        resident,
        (after.gateway().heapBytes() - before.gateway().heapBytes()) / (double) count,
        (after.storeBytes() - before.storeBytes()) / (double) count);
    return resident;
  }
}
