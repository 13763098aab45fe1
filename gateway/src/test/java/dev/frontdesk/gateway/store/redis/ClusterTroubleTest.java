// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.lettuce.core.KillArgs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What goes wrong with a cluster of three masters and three replicas: rows of
 * the fault list. The master that is killed is killed last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTroubleTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Path FOLDER = TestRedis.folder();
  private static TestCluster cluster;
  private static RedisConnection connection;
  private static RedisStore store;
  private static int workspaces;

  private final String workspace = "t" + ++workspaces;
  private final RedisKeys keys = new RedisKeys(workspace);

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(null, 3, 1);
    connection = TestRedis.connect(VERTX, cluster.address());
    store = TestRedis.await(RedisStore.open(VERTX, connection, FOLDER, StoreAlarms.NONE));
  }

  @AfterAll
  static void stop() {
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
    cluster.close();
    TestRedis.await(VERTX.close());
    TestRedis.delete(FOLDER);
  }

  private Commit.Builder commit(String ofWorkspace) {
    return Commit.of(ofWorkspace, store.clock("acme").now(), Commit.Urgency.INTAKE);
  }

  private Future<CommitResult> push(RedisKeys to, String ofWorkspace, String value) {
    return store.commit(commit(ofWorkspace).write(new Write.Push(to.parked("l"), value)).build());
  }

  private Future<CommitResult> push(String value) {
    return push(keys, workspace, value);
  }

  private List<String> pushed() {
    return TestRedis.await(store.list(keys.parked("l"), 0, -1));
  }

  private TestCluster.Node another(TestCluster.Node than) {
    return cluster.masters().stream().filter(node -> node != than).findFirst().orElseThrow();
  }

  @Test
  @Order(1)
  void r08_slotThatMoves_refusesCommitsWhole_andIsServedByItsNewMaster() {
    assertThat(TestRedis.await(store.open(workspace))).isTrue();
    List<String> told = new CopyOnWriteArrayList<>();
    Runnable listening = store.onWakeUp(workspace, told::addAll);
    for (int n = 0; n < 20; n++) {
      assertThat(TestRedis.await(push("before" + n))).isInstanceOf(CommitResult.Done.class);
    }
    TestRedis.await(
        store.commit(
            commit(workspace).write(new Write.HashSet(keys.gauges(), "old", "1")).build()));
    TestCluster.Node from = cluster.of(workspace);
    TestCluster.Node to = another(from);
    // every key is still there, so a server would run this and stop when the hash is gone
    Commit replacing =
        commit(workspace)
            .write(new Write.Push(keys.parked("l"), "half"))
            .write(new Write.Delete(keys.gauges()))
            .write(new Write.HashSet(keys.gauges(), "new", "1"))
            .build();

    cluster.beginMove(workspace, from, to);

    assertRefused(store.commit(replacing));
    assertThat(pushed()).hasSize(20);
    assertThat(TestRedis.await(store.hashAll(keys.gauges()))).containsOnlyKeys("old");
    assertThat(cluster.moveKeys(workspace, from, to, 1)).isEqualTo(1);
    assertRefused(push("during"));
    assertThat(pushed()).hasSize(20);
    assertThat(TestRedis.await(store.get(keys.epoch()))).isEqualTo(store.epoch(workspace));
    assertThat(cluster.moveKeys(workspace, from, to, 100)).isPositive();
    cluster.endMove(workspace, from, to);
    told.clear();

    assertThat(
            TestRedis.await(
                store.commit(
                    commit(workspace)
                        .write(new Write.Push(keys.parked("l"), "after"))
                        .wake("q")
                        .build())))
        .isInstanceOf(CommitResult.Done.class);
    assertThat(pushed()).hasSize(21).endsWith("after");
    assertThat(store.isQuarantined(workspace)).isFalse();
    Awaitility.await().until(() -> told.contains("q"));
    listening.run();
  }

  /** What the test above would find without the key that never exists. */
  @Test
  @Order(2)
  void control_commitThatNamesOnlyItsKeys_isHalfDoneWhileItsSlotMoves() {
    assertThat(TestRedis.await(store.open(workspace))).isTrue();
    assertThat(TestRedis.await(push("before"))).isInstanceOf(CommitResult.Done.class);
    assertThat(
            TestRedis.await(
                store.commit(
                    commit(workspace).write(new Write.HashSet(keys.gauges(), "old", "1")).build())))
        .isInstanceOf(CommitResult.Done.class);
    TestCluster.Node from = cluster.of(workspace);
    cluster.beginMove(workspace, from, another(from));
    assertThat(from.commands().keys("{" + workspace + "}*"))
        .containsExactlyInAnyOrder(
            keys.epoch().name(), keys.parked("l").name(), keys.gauges().name());
    ScriptCall call =
        CommitScript.call(
            commit(workspace)
                .write(new Write.Push(keys.parked("l"), "half"))
                .write(new Write.Delete(keys.gauges()))
                .write(new Write.HashSet(keys.gauges(), "new", "1"))
                .build(),
            store.epoch(workspace),
            new CommitShapes());

    assertThatThrownBy(
            () ->
                from.commands()
                    .eval(
                        call.script().text(),
                        io.lettuce.core.ScriptOutputType.MULTI,
                        call.keys(),
                        call.arguments()))
        .hasMessageContaining("non local key");

    assertThat(from.commands().lrange(keys.parked("l").name(), 0, -1)).contains("half");
    assertThat(from.commands().keys("{" + workspace + "}*")).doesNotContain(keys.gauges().name());
    from.commands().clusterSetSlotStable(TestCluster.slot(workspace));
    another(from).commands().clusterSetSlotStable(TestCluster.slot(workspace));
  }

  @Test
  @Order(3)
  void r15_connectionsCutUnderLoad_nothingIsDoneTwice() {
    assertThat(TestRedis.await(store.open(workspace))).isTrue();
    TestCluster.Node master = cluster.of(workspace);
    List<Future<CommitResult>> all = new ArrayList<>();
    long killed = 0;
    for (int round = 0; round < 10; round++) {
      for (int n = 0; n < 200; n++) {
        all.add(push("m" + all.size()));
      }
      killed += master.commands().clientKill(KillArgs.Builder.typeNormal().skipme());
      TestRedis.await(Future.join(all).otherwiseEmpty());
    }
    assertThat(killed).isGreaterThan(10);

    List<String> stored = pushedEventually();
    assertThat(stored).doesNotHaveDuplicates();
    for (int n = 0; n < 2_000; n++) {
      if (all.get(n).succeeded()) {
        // a commit that waited for a second was told so, and wrote nothing
        boolean done = all.get(n).result() instanceof CommitResult.Done;
        assertThat(stored.contains("m" + n)).isEqualTo(done);
      } else {
        assertThat(all.get(n).cause()).isInstanceOf(StoreUnavailableException.class);
        if (!((StoreUnavailableException) all.get(n).cause()).outcomeUnknown()) {
          assertThat(stored).doesNotContain("m" + n);
        }
      }
    }
  }

  private List<String> pushedEventually() {
    return Awaitility.await().ignoreExceptions().until(this::pushed, found -> true);
  }

  @Test
  @Order(4)
  void r06_masterThatIsKilled_isFollowedByItsReplica_andTheOthersGoOn() {
    assertThat(TestRedis.await(store.open(workspace))).isTrue();
    TestCluster.Node master = cluster.of(workspace);
    String elsewhere = elsewhere(master);
    assertThat(TestRedis.await(push("before"))).isInstanceOf(CommitResult.Done.class);
    Awaitility.await().until(() -> replicated(master));

    master.process.destroyForcibly();

    assertThat(TestRedis.await(push(new RedisKeys(elsewhere), elsewhere, "meanwhile")))
        .isInstanceOf(CommitResult.Done.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> TestRedis.await(push("after")) instanceof CommitResult.Done);
    assertThat(pushed()).contains("before", "after");
    assertThat(store.isQuarantined(workspace)).isFalse();
    Awaitility.await().until(() -> store.trouble().isEmpty());
  }

  private String elsewhere(TestCluster.Node than) {
    String found = "e0";
    for (int n = 1; cluster.of(found) == than; n++) {
      found = "e" + n;
    }
    assertThat(TestRedis.await(store.open(found))).isTrue();
    return found;
  }

  private static boolean replicated(TestCluster.Node master) {
    String said = master.commands().info("replication");
    return said.contains("state=online");
  }

  private static void assertRefused(Future<CommitResult> commit) {
    assertThatThrownBy(() -> TestRedis.await(commit))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            refused -> {
              assertThat(refused.outcomeUnknown()).isFalse();
              assertThat(refused).hasMessageContaining("TRYAGAIN");
            });
  }
}
