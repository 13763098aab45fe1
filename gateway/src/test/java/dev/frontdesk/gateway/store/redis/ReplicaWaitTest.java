// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.lettuce.core.ClientListArgs;
import io.lettuce.core.KillArgs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redis.waitReplicas}: what is acknowledged is on a replica. */
class ReplicaWaitTest {

  private static final String WORKSPACE = "acme";
  private static final Copies ONE = new Copies(1, Duration.ofMillis(300));

  /** For a machine that does something else meanwhile: no replica is stopped. */
  private static final Copies PATIENT = new Copies(1, Duration.ofSeconds(5));

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = TestRedis.folder();
  private final RedisKeys keys = new RedisKeys(WORKSPACE);
  private TestCluster servers;

  @AfterEach
  void stop() {
    if (servers != null) {
      servers.close();
    }
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  @ParameterizedTest(name = "in a cluster: {0}")
  @ValueSource(booleans = {false, true})
  void commit_isDoneWhenAReplicaHasIt_andADuplicateToo(boolean inCluster) {
    servers = inCluster ? TestCluster.start(null, 1, 1) : TestCluster.replicated(null, 1);
    RedisConnection connection = connect(inCluster, ONE);
    RedisConnection patiently = connect(inCluster, PATIENT);
    RedisConnection careless = connect(inCluster, Copies.NONE);
    RedisStore patient = open(patiently);
    RedisStore store = open(connection);
    RedisStore control = open(careless);
    List<Future<CommitResult>> many = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      many.add(seen(patient, "m" + n));
    }
    assertThat(TestRedis.await(Future.all(many)).<CommitResult>list())
        .allMatch(CommitResult.Done.class::isInstance);

    servers.replicas().get(0).signal("STOP");

    assertNotConfirmed(seen(store, "late"));
    // it stands there all the same, and nobody is told so before a replica has it
    assertThat(TestRedis.await(load(control, "late")).known()).containsExactly("C1 1");
    assertNotConfirmed(load(store, "late"));
    assertNotConfirmed(store.get(keys.operation("late")));
    assertThat(TestRedis.await(store.get(keys.operation("other")))).isNull();
    assertThat(TestRedis.await(load(store, "unknown")).known()).containsExactly((String) null);
    assertThat(TestRedis.await(seen(control, "careless"))).isInstanceOf(CommitResult.Done.class);

    servers.replicas().get(0).signal("CONT");

    assertThat(TestRedis.await(load(patient, "late")).known()).containsExactly("C1 1");
    assertThat(TestRedis.await(seen(patient, "next"))).isInstanceOf(CommitResult.Done.class);
    assertThat(servers.replicas().get(0).commands().info("keyspace")).contains("db0:");
    for (RedisStore one : List.of(patient, store, control)) {
      TestRedis.await(one.close());
    }
    TestRedis.await(connection.close());
    TestRedis.await(careless.close());
    TestRedis.await(patiently.close());
  }

  /**
   * A master that was killed is back before the sentinels have named its successor: connections
   * made in that moment stay with it until it is demoted, and it has what its successor has not.
   */
  @Test
  void whatOnlyAReplacedMasterKnows_isNotToldAsStored() {
    servers = TestCluster.replicated(null, 1);
    try (TestCluster successor = TestCluster.replicated(null, 1)) {
      TestCluster.Node former = servers.masters().get(0);
      CuttingProxy proxy =
          TestRedis.await(CuttingProxy.open(vertx, local(servers.masters().get(0).port)));
      RedisConnection connection =
          TestRedis.await(
              RedisConnection.open(
                  vertx,
                  RedisAddress.of(TestCluster.url(proxy.port())),
                  TestRedis.TIMEOUT,
                  10_000,
                  PATIENT,
                  nanos -> {}));
      RedisStore store = open(connection);
      assertThat(TestRedis.await(seen(store, "m"))).isInstanceOf(CommitResult.Done.class);
      assertThat(TestRedis.await(load(store, "m")).known()).containsExactly("C1 1");

      proxy.aim(local(successor.masters().get(0).port));
      List<Long> ofCommits = ofCommits(former);
      ofCommits.forEach(id -> former.commands().clientKill(KillArgs.Builder.id(id)));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> clients(successor.masters().get(0)).size() >= ofCommits.size());

      assertThat(TestRedis.await(load(store, "m")).known()).containsExactly((String) null);
      assertThat(TestRedis.await(store.get(keys.operation("m")))).isNull();
      TestRedis.await(store.close());
      TestRedis.await(connection.close());
      TestRedis.await(proxy.close());
    }
  }

  /** The broken one may have led to the master that was replaced, the confirmed one to the next. */
  @ParameterizedTest(name = "a repeated message: {0}")
  @ValueSource(booleans = {false, true})
  void whatAConnectionBrokeUnder_isNotConfirmed(boolean repeated) {
    servers = TestCluster.replicated(null, 1);
    TestCluster.Node master = servers.masters().get(0);
    RedisConnection connection = connect(false, PATIENT);
    RedisStore store = open(connection);
    if (repeated) {
      assertThat(TestRedis.await(seen(store, "m"))).isInstanceOf(CommitResult.Done.class);
    }
    long before = connection.breaks();
    servers.replicas().get(0).signal("STOP");

    Future<?> asked = repeated ? load(store, "m") : seen(store, "m");
    Awaitility.await().until(() -> clientsOf(master).contains(" cmd=wait "));
    master.commands().clientKill(KillArgs.Builder.id(clients(master).get(0))); // one that reads
    Awaitility.await().until(() -> connection.breaks() > before);
    servers.replicas().get(0).signal("CONT");

    assertThatThrownBy(() -> TestRedis.await(asked))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            unknown -> assertThat(unknown.outcomeUnknown()).isTrue())
        .hasMessageContaining("a connection broke");
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
  }

  private static SocketAddress local(int port) {
    return SocketAddress.inetSocketAddress(port, "127.0.0.1");
  }

  /** Connections for commits are made after as many for reading; the last one of all listens. */
  private static List<Long> ofCommits(TestCluster.Node node) {
    List<Long> made = clients(node);
    int each = made.size() / 2;
    return made.subList(each, 2 * each);
  }

  /** Ids of the connections of gateways, in the order they were made. */
  private static List<Long> clients(TestCluster.Node node) {
    long own = node.commands().clientId();
    return clientsOf(node)
        .lines()
        .map(line -> Long.valueOf(line.substring("id=".length(), line.indexOf(' '))))
        .filter(id -> id != own)
        .sorted()
        .toList();
  }

  private static String clientsOf(TestCluster.Node node) {
    return node.commands().clientList(ClientListArgs.Builder.typeNormal());
  }

  private RedisConnection connect(boolean inCluster, Copies copies) {
    RedisAddress address =
        inCluster
            ? servers.address()
            : RedisAddress.of(TestCluster.url(servers.masters().get(0).port));
    return TestRedis.await(
        RedisConnection.open(vertx, address, TestRedis.TIMEOUT, 10_000, copies, nanos -> {}));
  }

  private RedisStore open(RedisConnection connection) {
    RedisStore store =
        TestRedis.await(RedisStore.open(vertx, connection, folder, StoreAlarms.NONE));
    assertThat(TestRedis.await(store.open(WORKSPACE))).isTrue();
    return store;
  }

  private Future<CommitResult> seen(RedisStore store, String id) {
    int bucket = LoadRequest.bucketOf(id, 16);
    return store.commit(
        Commit.of(WORKSPACE, store.clock("acme").now(), Commit.Urgency.INTAKE)
            .write(new Write.HashSet(keys.dedupe(store.clock("acme").now(), bucket), id, "C1 1"))
            .write(new Write.Set(keys.operation(id), "digest\nanswer", 60_000))
            .build());
  }

  private Future<Loaded> load(RedisStore store, String id) {
    ContactKey contact = new ContactKey("hook", "u1", null);
    return store.load(new LoadRequest(WORKSPACE, contact, null, List.of(id), List.of(), 16));
  }

  private static void assertNotConfirmed(Future<?> future) {
    assertThatThrownBy(() -> TestRedis.await(future))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            unknown -> {
              assertThat(unknown.outcomeUnknown()).isTrue();
              assertThat(unknown).hasMessageContaining("0 of 1 replicas");
            });
  }
}
