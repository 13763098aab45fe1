// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The end of the append-only file is gone after a crash. Redis starts without it; the ledger names
 * what is missing, no commit is half there, and platforms' repeats bring it back, once.
 */
final class R13CutFile extends ProcessRow {

  private static final long CUT_BYTES = 4_001;

  R13CutFile() {
    super("R-13", "tail of the append-only file cut off", "nothing is sent again", "lost");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(gateway).begin("c", 16);
    rig.awaitAccepted(writers, 300);
    writers.stop();
    redis.kill();
    try (Stream<Path> files = Files.walk(rig.folder().resolve("redis0"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".aof")).toList()) {
        try (RandomAccessFile tail = new RandomAccessFile(file.toFile(), "rw")) {
          tail.setLength(tail.length() - CUT_BYTES);
        }
      }
    }
    redis.restart();
    double back =
        rig.within(Duration.ofSeconds(15), () -> rig.send(gateway, "after", "after-0", "x") == 200);
    found.atMost("backMs", 5_000, back);
    Ledger before = writers.ledger();
    before.sent("after-0", Ledger.Outcome.ACCEPTED);
    Audit gap = Audit.of(gateway.publicUrl(), before);
    found.atLeast("lostByTheCut", 1, gap.balance().lost());
    found.note("named", gap.balance().examples());
    found.equal("gaps", 0, gap.gaps());
    int repeated = 0;
    for (String id : control ? java.util.List.<String>of() : before.accepted()) {
      String contact = id.substring(0, id.lastIndexOf('-'));
      repeated += rig.send(gateway, contact, id, "number " + id) == 200 ? 1 : 0;
    }
    found.note("repeated", repeated);
    Audit healed = Audit.of(gateway.publicUrl(), before);
    found.equal("lost", 0, healed.balance().lost());
    found.equal("duplicated", 0, healed.balance().duplicated());
    found.equal("gapsAfterwards", 0, healed.gaps());
  }
}
