// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreAlarms;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a cluster of three masters, each test's workspace wherever its slot is. */
class ClusterStoreTest extends RedisStoreTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Path FOLDER = TestRedis.folder();
  private static int workspaces;
  private static TestCluster cluster;
  private static RedisConnection connection;
  private static RedisStore inCluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(null, 3, 0);
    connection = TestRedis.connect(VERTX, cluster.address());
    inCluster = TestRedis.await(RedisStore.open(VERTX, connection, FOLDER, StoreAlarms.NONE));
  }

  @AfterAll
  static void stop() {
    TestRedis.await(inCluster.close());
    TestRedis.await(connection.close());
    cluster.close();
    TestRedis.await(VERTX.close());
    TestRedis.delete(FOLDER);
  }

  @Override
  protected Store openStore() {
    return inCluster;
  }

  @Override
  protected String freshWorkspace() {
    String workspace = "c" + ++workspaces;
    assertThat(TestRedis.await(inCluster.open(workspace))).isTrue();
    return workspace;
  }

  @Test
  void workspaces_areOnDifferentMasters() {
    Set<TestCluster.Node> used = new HashSet<>();
    for (int n = 0; n < 20; n++) {
      used.add(cluster.of(freshWorkspace()));
    }

    assertThat(used).containsExactlyInAnyOrderElementsOf(cluster.masters());
    assertThat(TestRedis.await(StoreSettings.readAll(connection))).hasSize(3);
    assertThat(StoreSettings.statement(TestRedis.await(StoreSettings.readAll(connection))))
        .startsWith("3 masters of a cluster: Redis ");
    assertThat(inCluster.trouble()).isEmpty();
  }
}
