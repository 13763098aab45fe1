// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.Write;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code redis-sentinel://}: a master, a replica and one sentinel. */
class SentinelStoreTest {

  private static final String WORKSPACE = "acme";

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = TestRedis.folder();
  private final RedisKeys keys = new RedisKeys(WORKSPACE);
  private TestCluster servers;
  private Process sentinel;
  private int port;
  private RedisConnection connection;
  private RedisStore store;

  @BeforeEach
  void start() throws IOException {
    servers = TestCluster.replicated(null, 1);
    port = TestCluster.freePort();
    Path file =
        Files.writeString(
            folder.resolve("sentinel.conf"),
            String.join(
                "\n",
                "port " + port,
                "bind 127.0.0.1",
                "dir " + folder,
                "sentinel monitor desk 127.0.0.1 " + servers.masters().get(0).port + " 1",
                "sentinel down-after-milliseconds desk 600",
                "sentinel failover-timeout desk 3000",
                ""));
    sentinel =
        new ProcessBuilder(
                TestRedis.binary(servers.folder()).toString(), file.toString(), "--sentinel")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sentinel.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(sentinel::destroyForcibly));
    awaitReplica(port);
    connection =
        TestRedis.connect(vertx, RedisAddress.of("redis-sentinel://127.0.0.1:" + port + "#desk"));
    store = TestRedis.await(RedisStore.open(vertx, connection, folder, StoreAlarms.NONE));
    assertThat(TestRedis.await(store.open(WORKSPACE))).isTrue();
  }

  @AfterEach
  void stop() {
    if (store != null) {
      TestRedis.await(store.close());
      TestRedis.await(connection.close());
    }
    sentinel.destroyForcibly();
    servers.close();
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  private static void awaitReplica(int port) {
    RedisClient client = RedisClient.create();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptions()
          .until(
              () -> {
                try (StatefulRedisSentinelConnection<String, String> asked =
                    client.connectSentinel(RedisURI.create("127.0.0.1", port))) {
                  return asked.sync().replicas("desk").size() == 1;
                }
              });
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  private Future<CommitResult> push(String value) {
    return store.commit(
        Commit.of(WORKSPACE, store.clock("acme").now(), Commit.Urgency.INTAKE)
            .write(new Write.Push(keys.parked("l"), value))
            .wake("q")
            .build());
  }

  @Test
  void r06_masterThatIsKilled_isFollowedByTheOneTheSentinelNames() {
    List<String> told = new CopyOnWriteArrayList<>();
    Runnable listening = store.onWakeUp(WORKSPACE, told::addAll);
    assertThat(TestRedis.await(push("before"))).isInstanceOf(CommitResult.Done.class);
    Awaitility.await().until(() -> heldByTheReplica().contains("before"));

    servers.masters().get(0).process.destroyForcibly();

    awaitStored("after");
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1))).contains("before", "after");
    assertThat(store.isQuarantined(WORKSPACE)).isFalse();
    Awaitility.await()
        .until(
            () -> {
              told.clear();
              CommitResult result = TestRedis.await(push("wakes"));
              assertThat(result).isInstanceOf(CommitResult.Done.class);
              return told.contains("q");
            });
    listening.run();
  }

  @Test
  void masterThatBecameAReplica_isLeftForTheNewOne() {
    assertThat(TestRedis.await(push("before"))).isInstanceOf(CommitResult.Done.class);
    Awaitility.await().until(() -> heldByTheReplica().contains("before"));

    failOver();
    var promoted = servers.replicas().get(0);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> promoted.commands().info("replication").contains("role:master"));
    // what a sentinel does too, but some 8 to 20 s later; until then the old one takes writes
    servers.masters().get(0).commands().replicaof("127.0.0.1", promoted.port);

    awaitStored("after");
    assertThat(heldByTheReplica()).contains("before", "after");
  }

  /** What stands in the server that began as the replica. */
  private List<String> heldByTheReplica() {
    return servers.replicas().get(0).commands().lrange(keys.parked("l").name(), 0, -1);
  }

  private void failOver() {
    RedisClient client = RedisClient.create();
    try (StatefulRedisSentinelConnection<String, String> asked =
        client.connectSentinel(RedisURI.create("127.0.0.1", port))) {
      assertThat(asked.sync().failover("desk")).isEqualTo("OK");
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  private void awaitStored(String value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> TestRedis.await(push(value)) instanceof CommitResult.Done);
  }
}
