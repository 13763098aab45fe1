// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The append-only file of the embedded Redis can grow no more, so that Redis ends, as it does with
 * {@code always}; the gateway starts it again and again, refuses meanwhile, and accepts when there
 * is room. The room is a limit of the file's size ({@code ulimit -f}), so nobody has to be root. In
 * the control there is never room again.
 */
final class R12FullDisk extends ProcessRow {

  /** Blocks of 512 B that the file may have: some hundred messages. */
  private static final int BLOCKS = 2_048;

  R12FullDisk() {
    super(
        "R-12", "no room for the append-only file", "there is never room again", "backAfterRoomMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    Path room = rig.folder().resolve("room");
    Path server = RedisProcess.binary(rig.folder());
    Path limited =
        Files.writeString(
            rig.folder().resolve("redis-in-little-room"),
            String.join(
                "\n",
                "#!/bin/sh",
                "trap '' XFSZ",
                "[ -f '" + room + "' ] || ulimit -f " + BLOCKS,
                "exec '" + server + "' \"$@\"",
                ""));
    found.holds("", limited.toFile().setExecutable(true));
    GatewayProcess gateway = rig.gateway("gateway", rig.config("gateway").binary(limited));
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    double full =
        rig.within(Duration.ofSeconds(40), () -> writers.count(c -> c.status() == 503) > 50);
    found.note("fullAfterMs", Math.round(full));
    long accepted = writers.count(Writers.Call::accepted);
    rig.rest(3_000);
    found.holds("gatewayAlive", gateway.isAlive());
    found.equal("ready", 503, rig.ready(gateway).status());
    if (!control) {
      Path made = Files.createFile(room);
      assert made.equals(room);
    }
    long made = System.nanoTime();
    double back =
        rig.within(Duration.ofSeconds(control ? 15 : 40), () -> writers.acceptedSince(made) > 20);
    found.note("acceptedBefore", accepted);
    found.atMost("backAfterRoomMs", 40_000.0, back);
    writers.stop();
    if (control) {
      return;
    }
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
    found.note("statuses", List.of(writers.count(c -> c.status() == 503)));
  }
}
