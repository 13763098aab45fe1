// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A heap that is too small for what comes: large calls by many at once. The gateway refuses or
 * ends, but never stays as a process that answers nobody; what it acknowledged is there afterwards.
 */
final class G07SmallHeap extends ProcessRow {

  G07SmallHeap() {
    super("G-07", "a heap of 48 MiB under calls of 1 MB by 64 at once");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess small =
        rig.gateway(
            "small",
            rig.config("small").redis(redis.url()),
            Map.of("FRONTDESK_JAVA_OPTS", "-Xmx48m -XX:MaxDirectMemorySize=32m"));
    Writers writers = rig.writers(10, small).begin("c", 8);
    rig.awaitAccepted(writers, 20);
    int[] statuses = bodies(rig, small);
    boolean ended = !small.isAlive();
    int asked = ended ? 0 : rig.ready(small).status();
    found.note("answers2xx4xx5xxNone", java.util.Arrays.toString(statuses));
    found.note("ended", ended);
    found.holds("endedOrAnswers", ended || asked == 200 || asked == 503);
    writers.stop();
    GatewayProcess next = rig.gateway("next", redis.url());
    found.ledger(Audit.of(next.publicUrl(), writers.ledger()));
  }

  /** Statuses of calls whose text is far too long, by 64 at once. */
  private static int[] bodies(Rig rig, GatewayProcess gateway) {
    Buffer body = Buffer.buffer("{\"text\":\"" + "x".repeat(1_000_000) + "\"}");
    WebhookRequests.Signed signed =
        new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET)
            .signed("big", body, Clock.systemUTC().instant().getEpochSecond());
    int[] counts = new int[4];
    ExecutorService many = Executors.newFixedThreadPool(64);
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> rig.post(gateway.publicUrl().resolve("/webhooks/load/hook"), signed).status(),
              many));
    }
    for (CompletableFuture<Integer> one : all) {
      int status = one.join();
      counts[status == 0 ? 3 : status < 300 ? 0 : status < 500 ? 1 : 2]++;
    }
    many.shutdownNow();
    return counts;
  }
}
