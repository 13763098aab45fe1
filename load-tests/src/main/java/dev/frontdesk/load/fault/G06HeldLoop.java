// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** One event loop is held for 3 s, once, soon after the start; in the control none is. */
final class G06HeldLoop extends ProcessRow {

  private static final long HELD_MILLIS = 3_000;

  private static final Pattern BLOCKED = Pattern.compile("has been blocked for (\\d+) ms");

  G06HeldLoop() {
    super(
        "G-06",
        "an event loop held for 3 s",
        "no loop is held, so no warning comes",
        "longestWarnedMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    Map<String, String> hold =
        Map.of("FRONTDESK_JAVA_OPTS", "-Dfrontdesk.blockLoopMillis=" + HELD_MILLIS);
    GatewayProcess gateway =
        rig.gateway("gateway", rig.config("gateway").redis(redis.url()), control ? Map.of() : hold);
    Writers writers = rig.writers(5, gateway).begin("c", 32);
    rig.rest(8_000);
    writers.stop();
    found.note("warnings", gateway.blockedWarnings());
    found.atLeast("longestWarnedMs", 2_000, longestWarned(rig.folder().resolve("gateway.log")));
    found.atLeast("accepted", 200, writers.count(Writers.Call::accepted));
    found.note("slowestMs", Math.round(writers.slowest(c -> true)));
    found.atMost("p50ms", 1_000.0, writers.percentile(0.5, c -> true));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static long longestWarned(Path log) throws IOException {
    return BLOCKED
        .matcher(Files.readString(log))
        .results()
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .max()
        .orElse(0);
  }
}
