// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Three masters and three replicas on 127.0.0.1 that form a cluster. Blocking. */
final class Shards implements AutoCloseable {

  /** What a cluster of ours calls silence; failing over takes a second or two more. */
  static final int NODE_TIMEOUT_MILLIS = 2_000;

  private static final int MASTERS = 3;
  private static final int KEYS_AT_ONCE = 20;

  private final RedisClient client = RedisClient.create();
  private final List<RedisNode> nodes = new ArrayList<>();

  private Shards() {}

  static Shards start(Path folder) {
    Shards shards = new Shards();
    for (int n = 0; n < 2 * MASTERS; n++) {
      shards.nodes.add(
          RedisNode.start(
              shards.client,
              folder,
              "--cluster-enabled",
              "yes",
              "--cluster-node-timeout",
              Integer.toString(NODE_TIMEOUT_MILLIS),
              "--cluster-require-full-coverage",
              "no"));
    }
    shards.join();
    return shards;
  }

  private void join() {
    int share = (SlotHash.SLOT_COUNT + MASTERS - 1) / MASTERS;
    for (int n = 0; n < MASTERS; n++) {
      RedisNode node = nodes.get(n);
      node.commands().clusterSetConfigEpoch(n + 1L);
      node.commands()
          .clusterAddSlots(
              IntStream.range(n * share, Math.min(SlotHash.SLOT_COUNT, (n + 1) * share)).toArray());
    }
    nodes.stream()
        .skip(1)
        .forEach(node -> nodes.get(0).commands().clusterMeet("127.0.0.1", node.port()));
    RedisNode.await(
        "all to know each other",
        () -> nodes.stream().allMatch(node -> known(node) == nodes.size()));
    for (int n = 0; n < MASTERS; n++) {
      nodes.get(MASTERS + n).commands().clusterReplicate(nodes.get(n).id());
    }
    awaitWhole();
  }

  private static long known(RedisNode node) {
    return node.commands()
        .clusterNodes()
        .lines()
        .filter(line -> !line.contains("handshake") && line.contains(" connected"))
        .count();
  }

  /** Waits until every slot is served and every replica follows its master. */
  void awaitWhole() {
    RedisNode.await(
        "a whole cluster",
        () ->
            nodes.stream()
                .allMatch(
                    node ->
                        node.commands().clusterInfo().contains("cluster_state:ok")
                            && (node.isMaster() ? replicaOf(node) != null : node.isLinked())));
  }

  /** Seeds, as {@code redis.url} takes them. */
  List<String> seeds() {
    return nodes.stream().limit(MASTERS).map(RedisNode::url).toList();
  }

  /** The master that serves a workspace now. */
  RedisNode masterOf(String workspace) {
    int slot = slot(workspace);
    return nodes.stream()
        .filter(node -> serves(node, slot))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody serves slot " + slot));
  }

  /** A master other than this one. */
  RedisNode anotherThan(RedisNode master) {
    return nodes.stream()
        .filter(node -> node != master && node.isMaster())
        .findFirst()
        .orElseThrow();
  }

  /** A replica that follows this master, or null. */
  @org.jspecify.annotations.Nullable
  RedisNode replicaOf(RedisNode master) {
    String line = "master_port:" + master.port();
    for (RedisNode node : nodes) {
      String said = node == master ? "" : node.commands().info("replication");
      if (said.contains(line) && said.contains("master_link_status:up")) {
        return node;
      }
    }
    return null;
  }

  private static boolean serves(RedisNode node, int slot) {
    return node.commands()
        .clusterNodes()
        .lines()
        .filter(line -> line.contains("myself,master"))
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

  /**
   * Moves the slot of a workspace, as {@code redis-cli --cluster reshard} does; counts its keys.
   */
  int move(String workspace, RedisNode from, RedisNode to) {
    int slot = slot(workspace);
    int moved = 0;
    to.commands().clusterSetSlotImporting(slot, from.id());
    from.commands().clusterSetSlotMigrating(slot, to.id());
    for (List<String> keys = next(from, slot); !keys.isEmpty(); keys = next(from, slot)) {
      from.commands().migrate("127.0.0.1", to.port(), 0, 5_000, MigrateArgs.Builder.keys(keys));
      moved += keys.size();
    }
    to.commands().clusterSetSlotNode(slot, to.id());
    from.commands().clusterSetSlotNode(slot, to.id());
    for (RedisNode node : nodes) {
      if (node.isMaster() && node != from && node != to) {
        node.commands().clusterSetSlotNode(slot, to.id());
      }
    }
    return moved;
  }

  private static List<String> next(RedisNode from, int slot) {
    return from.commands().clusterGetKeysInSlot(slot, KEYS_AT_ONCE);
  }

  @Override
  public void close() {
    nodes.forEach(RedisNode::kill);
    client.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
