// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Connections are cut after Redis did what it was asked and before the gateway hears of it, ten
 * times. The control counts with the client's own defaults over the same cuts: it must count more
 * than it was asked to.
 */
final class R15LostAnswers extends ProcessRow {

  private static final int CUTS = 10;
  private static final String COUNTER = "counter";

  R15LostAnswers() {
    super(
        "R-15",
        "connection cut after execution, before the answer, x10",
        "INCR by a client with its defaults",
        "appliedTooOften");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws InterruptedException {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    if (control) {
      increments(rig, found, redis, proxy);
      return;
    }
    GatewayProcess gateway = rig.gateway("gateway", proxy.redisUrl());
    Writers writers = rig.writers(gateway).begin("c", 32);
    int dropped = 0;
    for (int cut = 0; cut < CUTS; cut++) {
      rig.awaitAccepted(writers, 100);
      dropped += cut(rig, proxy);
    }
    rig.awaitAccepted(writers, 100);
    writers.stop();
    found.note("cuts", CUTS);
    found.atLeast("answersDropped", CUTS, dropped);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  /** Keeps answers back until some were, then cuts; how many were. */
  private static int cut(Rig rig, TcpProxy proxy) {
    proxy.keepAnswers();
    double took = rig.await("an answer", Duration.ofSeconds(10), () -> proxy.answersKept() > 0);
    assert took >= 0;
    int kept = proxy.answersKept();
    proxy.cut();
    proxy.heal();
    return kept;
  }

  private static void increments(Rig rig, Findings found, RedisProcess redis, TcpProxy proxy)
      throws InterruptedException {
    RedisClient client = RedisClient.create(proxy.redisUrl());
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    Queue<RedisFuture<Long>> asked = new ConcurrentLinkedQueue<>();
    Semaphore room = new Semaphore(256);
    Thread asking;
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      asking =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  room.acquireUninterruptibly();
                  RedisFuture<Long> one = connection.async().incr(COUNTER);
                  asked.add(one);
                  var unused = one.whenComplete((value, failure) -> room.release());
                }
              });
      asking.start();
      for (int cut = 0; cut < CUTS; cut++) {
        rig.rest(300);
        int kept = cut(rig, proxy);
        assert kept > 0;
      }
      rig.rest(500);
      asking.interrupt();
      asking.join(5_000);
      for (RedisFuture<Long> one : asked) {
        boolean ended = one.await(5, TimeUnit.SECONDS);
        assert ended;
      }
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
    long applied = Long.parseLong(RedisProcess.ask(redis.url(), commands -> commands.get(COUNTER)));
    found.note("asked", asked.size());
    found.equal("appliedTooOften", 0, applied - asked.size());
  }
}
