// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** Redis says {@code -LOADING} for seconds after a restart: its file is read slowly on purpose. */
final class R09LoadingRedis extends ProcessRow {

  private static final int KEYS = 1_200;

  R09LoadingRedis() {
    super("R-09", "-LOADING for 4 s after a restart");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    // µs of delay per key of the file's snapshot, an option of Redis for tests of its own
    RedisProcess redis = rig.redis("--key-load-delay", "4000");
    RedisProcess.ask(
        redis.url(),
        commands -> {
          for (int key = 0; key < KEYS; key++) {
            // Redis answers others once per 2 MB that it has read; what repeats would be compressed
            byte[] value = new byte[6_000];
            rig.random().nextBytes(value);
            commands.set("filler:" + key, Base64.getEncoder().encodeToString(value));
          }
          return commands.bgrewriteaof();
        });
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 100);
    redis.kill();
    long killed = System.nanoTime();
    redis.launch();
    boolean[] loading = new boolean[1];
    // what is accepted between Redis' last word of loading and its first of serving may be either
    AtomicLong lastLoading = new AtomicLong(killed);
    double served =
        rig.await(
            "it serves",
            Duration.ofSeconds(30),
            () -> {
              long asked = System.nanoTime();
              try {
                String said =
                    RedisProcess.ask(redis.url(), commands -> commands.info("persistence"));
                if (said.contains("loading:1")) {
                  loading[0] = true;
                  lastLoading.set(asked);
                }
                return said.contains("loading:0");
              } catch (RuntimeException notYet) {
                for (Throwable e = notYet; e != null; e = e.getCause()) {
                  loading[0] |= String.valueOf(e.getMessage()).contains("LOADING");
                }
                lastLoading.set(asked);
                return false;
              }
            });
    long serving = System.nanoTime();
    double back = rig.within(Duration.ofSeconds(15), () -> writers.acceptedSince(serving) > 0);
    writers.stop();
    found.note("downMs", Math.round(served));
    found.holds("saidLoading", loading[0]);
    found.holds("gatewayAlive", gateway.isAlive());
    found.equal(
        "acceptedWhileLoading",
        0,
        writers.count(
            c ->
                c.accepted()
                    && c.sentNanos() - killed > 0
                    && c.answeredNanos() < lastLoading.get()));
    found.atMost("backMs", 5_000, back);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }
}
