// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Every line of the log fails to be written ({@code /dev/full}): the gateway serves on. */
final class P07FullLogDisk extends ProcessRow {

  P07FullLogDisk() {
    super("P-07", "log disk full");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    Path config = rig.config("gateway").redis(redis.url()).write("gateway.yaml");
    GatewayProcess gateway =
        GatewayProcess.launch(
            List.of(
                "sh",
                "-c",
                "exec \"$0\" run --config \"$1\" 2>/dev/full",
                GatewayProcess.root().resolve("frontdesk").toString(),
                config.toString()),
            rig.folder().resolve("gateway.log"),
            Map.of("FRONTDESK_LOG_LEVEL", "DEBUG"));
    rig.ends(gateway::kill);
    Writers writers = rig.writers(5, gateway).withoutRepeating().begin("c", 16);
    rig.rest(5_000);
    writers.stop();
    found.atLeast("accepted", 100, writers.count(Writers.Call::accepted));
    found.equal("notAccepted", 0, writers.count(call -> !call.accepted()));
    found.note("p99ms", Math.round(writers.percentile(0.99, c -> true)));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
    found.equal("exit", 0, gateway.stop());
  }
}
