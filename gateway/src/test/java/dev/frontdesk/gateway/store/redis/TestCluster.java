// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.RedisUrl;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Real redis-servers on 127.0.0.1 that form a cluster, or a master with replicas: as many masters
 * as asked for, each with as many replicas. Processes, ports and folder are its own and end with
 * it.
 */
final class TestCluster implements AutoCloseable {

  static final int SLOTS = 16_384;
  private static final int HIGHEST_PORT = 55_535; // the bus listens 10,000 above

  private final Path folder = TestRedis.folder();
  private final RedisClient client = RedisClient.create();
  private final List<Node> masters = new ArrayList<>();
  private final List<Node> replicas = new ArrayList<>();
  private final @Nullable String binary;
  private final boolean cluster;

  /** One server. */
  final class Node {
    final Process process;
    final int port;
    final StatefulRedisConnection<String, String> connection;

    Node(Process process, int port) {
      this.process = process;
      this.port = port;
      this.connection = connected(port);
    }

    RedisCommands<String, String> commands() {
      return connection.sync();
    }

    String id() {
      return commands().clusterMyId();
    }

    /** SIGSTOP or SIGCONT. */
    void signal(String name) {
      try {
        int code =
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        if (code != 0) {
          throw new IllegalStateException("kill ended with " + code);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private TestCluster(@Nullable String binary, boolean cluster) {
    this.binary = binary;
    this.cluster = cluster;
  }

  /** Masters that share the slots, each with so many replicas; ready to be used. */
  static TestCluster start(@Nullable String binary, int masters, int replicasOfEach) {
    TestCluster all = new TestCluster(binary, true);
    try {
      for (int n = 0; n < masters; n++) {
        all.masters.add(all.startNode());
      }
      for (int n = 0; n < masters * replicasOfEach; n++) {
        all.replicas.add(all.startNode());
      }
      all.join();
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** A lone master with replicas, no cluster. */
  static TestCluster replicated(@Nullable String binary, int replicas, String... more) {
    TestCluster all = new TestCluster(binary, false);
    try {
      all.masters.add(all.startNode(more));
      for (int n = 0; n < replicas; n++) {
        Node replica = all.startNode(more);
        replica.commands().replicaof("127.0.0.1", all.masters.get(0).port);
        all.replicas.add(replica);
      }
      all.awaitReplicas();
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  List<Node> masters() {
    return masters;
  }

  List<Node> replicas() {
    return replicas;
  }

  Path folder() {
    return folder;
  }

  /** The first two masters as seeds: the others are found. */
  RedisAddress address() {
    return RedisAddress.of(
        RedisUrl.of(masters.stream().limit(2).map(node -> url(node.port)).toList()), null);
  }

  static String url(int port) {
    return "redis://127.0.0.1:" + port;
  }

  /** The master of a workspace's slot, as that master says itself. */
  Node of(String workspace) {
    int slot = slot(workspace);
    return masters.stream().filter(node -> serves(node, slot)).findFirst().orElseThrow();
  }

  private static boolean serves(Node node, int slot) {
    return node.commands()
        .clusterNodes()
        .lines()
        .filter(line -> line.contains("myself"))
        .flatMap(line -> List.of(line.split(" ", -1)).stream().skip(8))
        .filter(range -> !range.startsWith("["))
        .anyMatch(range -> covers(range, slot));
  }

  private static boolean covers(String range, int slot) {
    String[] ends = range.split("-", 2);
    return slot >= Integer.parseInt(ends[0]) && slot <= Integer.parseInt(ends[ends.length - 1]);
  }

  static int slot(String workspace) {
    return SlotHash.getSlot("{" + workspace + "}");
  }

  /** Begins to move the slot of a workspace. */
  void beginMove(String workspace, Node from, Node to) {
    to.commands().clusterSetSlotImporting(slot(workspace), from.id());
    from.commands().clusterSetSlotMigrating(slot(workspace), to.id());
  }

  /** Moves up to {@code count} keys; says how many it found. */
  int moveKeys(String workspace, Node from, Node to, int count) {
    List<String> keys = from.commands().clusterGetKeysInSlot(slot(workspace), count);
    if (!keys.isEmpty()) {
      from.commands().migrate("127.0.0.1", to.port, 0, 5_000, MigrateArgs.Builder.keys(keys));
    }
    return keys.size();
  }

  /** Ends the move: the new owner first. */
  void endMove(String workspace, Node from, Node to) {
    to.commands().clusterSetSlotNode(slot(workspace), to.id());
    from.commands().clusterSetSlotNode(slot(workspace), to.id());
  }

  private Node startNode(String... more) {
    int port = freePort();
    Path own = folder.resolve(Integer.toString(port));
    List<String> command =
        new ArrayList<>(
            List.of(
                binary == null ? TestRedis.binary(folder).toString() : binary,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                own.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0"));
    if (cluster) {
      command.addAll(
          List.of(
              "--cluster-enabled", "yes",
              "--cluster-node-timeout", "1000",
              "--cluster-require-full-coverage", "no"));
    }
    command.addAll(List.of(more));
    try {
      Files.createDirectories(own);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(own.resolve("redis.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Node(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StatefulRedisConnection<String, String> connected(int port) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () ->
                client.connect(
                    RedisURI.builder()
                        .withHost("127.0.0.1")
                        .withPort(port)
                        .withTimeout(Duration.ofSeconds(10))
                        .build()),
            found -> true);
  }

  static int freePort() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(TestCluster::maybeFree, port -> port > 0);
  }

  /** A free port whose bus is free too, or 0. */
  private static int maybeFree() throws IOException {
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket bus = new ServerSocket()) {
      if (one.getLocalPort() > HIGHEST_PORT) {
        return 0;
      }
      bus.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), one.getLocalPort() + 10_000));
      return one.getLocalPort();
    } catch (BindException taken) {
      return 0;
    }
  }

  private void join() {
    Node first = masters.get(0);
    int share = (SLOTS + masters.size() - 1) / masters.size();
    for (int n = 0; n < masters.size(); n++) {
      Node node = masters.get(n);
      node.commands().clusterSetConfigEpoch(n + 1L);
      node.commands()
          .clusterAddSlots(IntStream.range(n * share, Math.min(SLOTS, (n + 1) * share)).toArray());
    }
    List<Node> all = new ArrayList<>(masters);
    all.addAll(replicas);
    all.stream().skip(1).forEach(node -> first.commands().clusterMeet("127.0.0.1", node.port));
    await(() -> all.stream().allMatch(node -> known(node) == all.size()));
    for (int n = 0; n < replicas.size(); n++) {
      replicas.get(n).commands().clusterReplicate(masters.get(n % masters.size()).id());
    }
    awaitReplicas();
    await(
        () ->
            all.stream()
                .allMatch(node -> node.commands().clusterInfo().contains("cluster_state:ok")));
  }

  private static long known(Node node) {
    return node.commands()
        .clusterNodes()
        .lines()
        .filter(line -> !line.contains("handshake") && line.contains("connected"))
        .count();
  }

  private void awaitReplicas() {
    await(
        () ->
            replicas.stream()
                .allMatch(
                    node -> node.commands().info("replication").contains("master_link_status:up")));
    // a master sends and counts a replica only from its first sign of life on, up to a second later
    await(() -> masters.stream().mapToInt(TestCluster::online).sum() == replicas.size());
  }

  private static int online(Node master) {
    return master.commands().info("replication").split("state=online", -1).length - 1;
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  @Override
  public void close() {
    List<Node> all = new ArrayList<>(masters);
    all.addAll(replicas);
    all.forEach(node -> node.process.destroyForcibly());
    client.shutdown(0, 1, TimeUnit.SECONDS);
    all.forEach(
        node -> {
          try {
            node.process.waitFor(5, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    TestRedis.delete(folder);
  }
}
