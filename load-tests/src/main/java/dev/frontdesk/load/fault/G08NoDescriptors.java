// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A gateway that may open few files, and more connections than that; later they go again. */
final class G08NoDescriptors extends ProcessRow {

  private static final int DESCRIPTORS = 256;
  private static final int SOCKETS = 600;

  /** Of Linux, for all architectures Java runs on: {@code sysconf(_SC_CLK_TCK)}. */
  private static final double TICKS = 100;

  G08NoDescriptors() {
    super("G-08", "file descriptors exhausted (ulimit -n 256)");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    Path config = rig.config("gateway").redis(redis.url()).write("gateway.yaml");
    GatewayProcess gateway =
        GatewayProcess.launch(
            List.of(
                "sh",
                "-c",
                "ulimit -n " + DESCRIPTORS + " && exec \"$0\" run --config \"$1\"",
                GatewayProcess.root().resolve("frontdesk").toString(),
                config.toString()),
            rig.folder().resolve("gateway.log"),
            Map.of());
    rig.ends(gateway::kill);
    Writers writers = rig.writers(10, gateway).begin("c", 8);
    rig.awaitAccepted(writers, 50);
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      held.add(new Socket(gateway.publicUrl().getHost(), gateway.publicUrl().getPort()));
    }
    rig.rest(1_000);
    long others = writers.count(Writers.Call::accepted);
    writers.stop();
    long before = ticks(gateway.pid());
    rig.rest(4_000);
    double cpu = (ticks(gateway.pid()) - before) / TICKS / 4 * 100;
    for (Socket socket : held) {
      socket.close();
    }
    double back =
        rig.within(Duration.ofSeconds(20), () -> rig.send(gateway, "after", "after-0", "x") == 200);
    found.note("connectionsOpened", held.size());
    found.atLeast("acceptedByThoseConnected", 50, others);
    found.atMost("cpuPercentWhileExhausted", 20.0, cpu);
    found.atMost("backMs", 5_000.0, back);
    found.holds("alive", gateway.isAlive());
    writers.ledger().sent("after-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  /** CPU time of a process, in ticks. */
  private static long ticks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
