// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import io.lettuce.core.cluster.SlotHash;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Two gateways on a cluster of three masters and three replicas, six workspaces over its slots, all
 * under intake, while masters are killed, a slot moves and gateways are restarted; each phase ends
 * with a ledger of its own. Then the same kill on a master that a sentinel watches.
 *
 * <p>A master is killed while its replica lags by {@link #LAG_MILLIS}, for a replica that is up to
 * date loses nothing either way: without {@code waitReplicas} what was acknowledged in that time
 * must be lost, or the run with it proves nothing.
 */
public final class ClusterRun implements AutoCloseable {

  private static final int GATEWAYS = 2;
  private static final int LAG_MILLIS = 300;
  private static final int OF_EACH_MASTER = 2;

  /**
   * Row R-06 gives the cluster's own time-out and 3 s more until the last workspace is served
   * again; two of them for nine processes on one machine.
   */
  private static final double LONGEST_OUTAGE_SECONDS = Shards.NODE_TIMEOUT_MILLIS / 1_000.0 + 5;

  /** While nothing is killed: what a busy machine may take, and a gateway that starts again. */
  private static final double LONGEST_REST_SECONDS = 2;

  /** With replicas waited for nothing is accepted either until the killed one is back as one. */
  private static final double REPLICA_BACK_SECONDS = 5;

  /** A sentinel lets a master that came back be one for 10 s and more before it demotes it. */
  private static final double SENTINEL_DEMOTES_SECONDS = 20;

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Fleet fleet = new Fleet();
  private final List<Runnable> servers = new ArrayList<>();
  private final PhaseTable table = new PhaseTable("phase", 44);
  private boolean clean = true;

  /** A run in its own folder. */
  public ClusterRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
    out.println("seed " + seed + ", folder " + folder.getFileName());
  }

  /** What must hold at the end of a phase. */
  private enum Loss {
    NONE,
    /** The control: something must be lost. */
    SOME,
    /** Printed; either is right. */
    ANY
  }

  /** The whole table; {@code kills} of a master in each phase that kills. */
  public boolean cluster(int kills) {
    Shards shards = Shards.start(folder);
    servers.add(shards::close);
    List<String> workspaces = workspaces();
    DeskConfig plain = new DeskConfig(workspaces, shards.seeds(), 0);
    startAll(plain);
    phase(
        "nothing happens",
        "a",
        workspaces,
        Loss.NONE,
        LONGEST_REST_SECONDS,
        traffic -> fleet.rest(5_000));
    phase(
        "a master killed",
        "b",
        workspaces,
        Loss.ANY,
        LONGEST_OUTAGE_SECONDS,
        traffic -> kill(shards, workspaces, kills, 0));
    phase(
        "a master killed, its replica " + LAG_MILLIS + " ms behind",
        "c",
        workspaces,
        Loss.SOME,
        LONGEST_OUTAGE_SECONDS,
        traffic -> kill(shards, workspaces, kills, LAG_MILLIS));
    phase(
        "the slot of a workspace moved, there and back",
        "d",
        workspaces,
        Loss.NONE,
        60,
        traffic -> move(shards, workspaces.get(0)));
    phase(
        "gateways restarted one by one",
        "e",
        workspaces,
        Loss.NONE,
        LONGEST_REST_SECONDS,
        traffic -> rollingRestart(plain, traffic));
    clean &= fleet.stop();
    startAll(new DeskConfig(workspaces, shards.seeds(), 1));
    phase(
        "waitReplicas 1: nothing happens",
        "f",
        workspaces,
        Loss.NONE,
        LONGEST_REST_SECONDS,
        t -> fleet.rest(5_000));
    phase(
        "waitReplicas 1: killed, " + LAG_MILLIS + " ms behind",
        "g",
        workspaces,
        Loss.NONE,
        LONGEST_OUTAGE_SECONDS + REPLICA_BACK_SECONDS,
        traffic -> kill(shards, workspaces, kills, LAG_MILLIS));
    clean &= fleet.stop();
    return finished();
  }

  /** The same in small: one master, one replica, one sentinel. */
  public boolean sentinel() {
    List<String> workspaces = List.of("desk");
    for (int wait = 0; wait <= 1; wait++) {
      Path own = folder.resolve("wait" + wait);
      Watched watched = Watched.start(own.resolve("redis"));
      servers.add(watched::close);
      startAll(new DeskConfig(workspaces, watched.url(), wait), own);
      phase(
          "sentinel, waitReplicas " + wait + ": killed, " + LAG_MILLIS + " ms behind",
          "s" + wait + "-",
          workspaces,
          wait == 0 ? Loss.SOME : Loss.NONE,
          Watched.DOWN_AFTER_MILLIS / 1_000.0 + 5 + wait * SENTINEL_DEMOTES_SECONDS,
          traffic -> {
            fleet.rest(2_000);
            kill(watched.master(), watched.replica(), LAG_MILLIS);
            RedisNode.await("the replica to take over", watched.replica()::isMaster);
            fleet.rest(500);
            watched.master().startAgain();
            RedisNode.await("the old master to follow", watched.master()::isLinked);
            fleet.rest(2_000);
          });
      clean &= fleet.stop();
    }
    return finished();
  }

  /** Two workspaces in each third of the slots. */
  private static List<String> workspaces() {
    List<String> chosen = new ArrayList<>();
    int[] of = new int[3];
    for (int n = 0; chosen.size() < of.length * OF_EACH_MASTER; n++) {
      int third = Shards.slot("desk" + n) * of.length / SlotHash.SLOT_COUNT;
      if (of[third]++ < OF_EACH_MASTER) {
        chosen.add("desk" + n);
      }
    }
    return chosen;
  }

  /** What happens in a phase; blocking, while traffic flows. */
  private interface Happening {
    void during(Traffic traffic);
  }

  private void phase(
      String name,
      String ids,
      List<String> workspaces,
      Loss loss,
      double longestOutage,
      Happening happening) {
    Ledger ledger = new Ledger();
    Traffic traffic = new Traffic(fleet.vertx(), random, ids, fleet.urls(), ledger);
    traffic.start(workspaces);
    fleet.rest(1_000);
    happening.during(traffic);
    fleet.rest(1_000);
    Traffic.Seen seen = CrashRun.await(traffic.stop(), 60);
    int gaps = fleet.readBack(workspaces, ids, ledger);
    Ledger.Balance balance = ledger.balance();
    boolean fine =
        balance.duplicated() == 0
            && balance.unexpected() == 0
            && seen.bare() == 0
            && seen.wrong() == 0
            && (loss != Loss.NONE || balance.lost() + gaps == 0)
            && (loss != Loss.SOME || balance.lost() > 0)
            && seen.worstSeconds() <= longestOutage;
    clean &= fine;
    String row =
        table.add(
            name, balance, seen, fine ? "" : "  <- expected " + expected(loss, longestOutage));
    out.println(row + "  gaps " + gaps + " outages ms " + new TreeMap<>(seen.longestGap()));
  }

  private static String expected(Loss loss, double longestOutage) {
    String lost =
        switch (loss) {
          case NONE -> "lost 0";
          case SOME -> "something lost: this is the control";
          case ANY -> "any loss";
        };
    return lost + ", twice 0, other 0, outage up to " + longestOutage + " s";
  }

  /** Kills the masters of workspaces in turn and brings each back as a replica. */
  private void kill(Shards shards, List<String> workspaces, int kills, int lagMillis) {
    for (int round = 0; round < kills; round++) {
      RedisNode master =
          shards.masterOf(workspaces.get(round * OF_EACH_MASTER % workspaces.size()));
      RedisNode replica = Objects.requireNonNull(shards.replicaOf(master));
      fleet.rest(1_000);
      kill(master, replica, lagMillis);
      RedisNode.await("the replica to take over", replica::isMaster);
      fleet.rest(500);
      master.startAgain();
      shards.awaitWhole();
      fleet.rest(1_000);
    }
  }

  private void kill(RedisNode master, RedisNode replica, int lagMillis) {
    if (lagMillis > 0) {
      // stopped alone it would find in its socket what it was sent meanwhile
      replica.signal("STOP");
      master.cutReplicas();
      fleet.rest(lagMillis);
    }
    master.kill();
    if (lagMillis > 0) {
      replica.signal("CONT");
    }
  }

  private void move(Shards shards, String workspace) {
    RedisNode from = shards.masterOf(workspace);
    RedisNode to = shards.anotherThan(from);
    for (int turn = 0; turn < 2; turn++) {
      long began = System.nanoTime();
      int keys = turn == 0 ? shards.move(workspace, from, to) : shards.move(workspace, to, from);
      out.println(
          "  moved "
              + keys
              + " keys of "
              + workspace
              + " in "
              + (System.nanoTime() - began) / 1_000_000
              + " ms");
      fleet.rest(3_000);
    }
  }

  private void rollingRestart(DeskConfig config, Traffic traffic) {
    for (int n = 0; n < fleet.size(); n++) {
      Path own = folder.resolve("gateway" + n);
      int port = fleet.urls().get(n).getPort();
      int code = fleet.replace(n, traffic, () -> start(config, own));
      clean &= code == 0;
      out.println("  " + port + " ended with " + code + " and is back");
      fleet.rest(3_000);
    }
  }

  private void startAll(DeskConfig config) {
    startAll(config, folder);
  }

  private void startAll(DeskConfig config, Path in) {
    for (int n = 0; n < GATEWAYS; n++) {
      fleet.add(start(config, in.resolve("gateway" + n)));
    }
  }

  private static GatewayProcess start(DeskConfig config, Path own) {
    return GatewayProcess.start(config.write(own), own.resolve("gateway.log"), Map.of());
  }

  private boolean finished() {
    table.print(out);
    // with nine processes on the machine a thread that waits for a core looks like one that is held
    out.println("blocked loops " + fleet.blocked() + " (not judged here)");
    return clean;
  }

  @Override
  public void close() {
    fleet.close();
    servers.forEach(Runnable::run);
  }
}
