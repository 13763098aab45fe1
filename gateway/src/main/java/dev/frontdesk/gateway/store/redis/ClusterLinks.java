// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the masters of a cluster: as many to each as to a lone server. Commands go by
 * the client's own map of slots, which follows MOVED and ASK. Who waits is counted per server, so
 * that one that is silent does not stop the others.
 */
final class ClusterLinks implements Links {

  private static final String NOBODY = "";

  private final List<OfLoop> loops;
  private final List<OfLoop> writing;
  private final SlotPatience patience;

  private ClusterLinks(List<OfLoop> loops, List<OfLoop> writing, SlotPatience patience) {
    this.loops = loops;
    this.writing = writing;
    this.patience = patience;
  }

  /**
   * Connects to every master; blocking.
   *
   * @param each connections of each loop to each master
   * @param mostWaiting commands that may wait on each of them
   */
  static ClusterLinks open(
      LettuceClients clients,
      int each,
      int mostWaiting,
      Copies copies,
      long patienceMillis,
      SlotPatience patience)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<OfLoop> reading = open(clients, each, mostWaiting, Copies.NONE, patienceMillis);
    List<OfLoop> writing =
        copies.awaited() ? open(clients, each, mostWaiting, copies, patienceMillis) : reading;
    return new ClusterLinks(reading, writing, patience);
  }

  private static List<OfLoop> open(
      LettuceClients clients, int each, int mostWaiting, Copies copies, long patienceMillis)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<OfLoop> open = new ArrayList<>();
    for (LettuceClients.OnLoop on : clients.each()) {
      List<Wires> wires = new ArrayList<>();
      for (int n = 0; n < each; n++) {
        var connection = on.connectCluster().get(patienceMillis, TimeUnit.MILLISECONDS);
        wires.add(new Wires(connection, mostWaiting, copies));
      }
      open.add(new OfLoop(on.loop(), on.cluster(), List.copyOf(wires)));
    }
    // a command to a server that is not connected yet is refused: nobody should meet that
    for (OfLoop loop : open) {
      for (RedisClusterNode master : masters(loop.client())) {
        for (Wires wires : loop.wires()) {
          StatefulRedisConnection<String, String> unused =
              wires.to(master).get(patienceMillis, TimeUnit.MILLISECONDS);
        }
      }
    }
    return List.copyOf(open);
  }

  /**
   * What lives on one event loop.
   *
   * @param loop null: a thread of Lettuce
   */
  private record OfLoop(@Nullable EventLoop loop, RedisClusterClient client, List<Wires> wires) {

    @Nullable RedisClusterNode master(int slot) {
      return client.getPartitions().getMasterBySlot(slot);
    }
  }

  /** One connection of the client to every server, with a link for each of them. */
  private static final class Wires {
    private final StatefulRedisClusterConnection<String, String> connection;
    private final int mostWaiting;
    private final Copies copies;
    private final Map<String, RedisLink> links = new ConcurrentHashMap<>();
    private final Map<String, RedisLink> writing = new ConcurrentHashMap<>();

    Wires(
        StatefulRedisClusterConnection<String, String> connection, int mostWaiting, Copies copies) {
      this.connection = connection;
      this.mostWaiting = mostWaiting;
      this.copies = copies;
    }

    /** Routed by the client, counted for {@code server}. */
    RedisLink link(String server) {
      RedisLink known = links.get(server);
      return known != null
          ? known
          : links.computeIfAbsent(
              server, key -> new RedisLink(connection, connection.async(), mostWaiting, copies));
    }

    /** The very connection to a server; null while there is none. */
    @Nullable RedisLink direct(RedisClusterNode server) {
      RedisLink known = writing.get(server.getNodeId());
      if (known != null && known.isOpen()) {
        return known;
      }
      CompletableFuture<StatefulRedisConnection<String, String>> connected = to(server);
      if (!connected.isDone() || connected.isCompletedExceptionally()) {
        return null;
      }
      StatefulRedisConnection<String, String> own = connected.join();
      return writing.compute(
          server.getNodeId(),
          (key, before) ->
              before != null && before.isOn(own)
                  ? before
                  : new RedisLink(own, own.async(), mostWaiting, copies));
    }

    /** The connection that the client itself uses for the slots of a server. */
    CompletableFuture<StatefulRedisConnection<String, String>> to(RedisClusterNode server) {
      try {
        return connection.getConnectionAsync(server.getUri().getHost(), server.getUri().getPort());
      } catch (RedisException gone) {
        return CompletableFuture.failedFuture(gone);
      }
    }
  }

  private static List<RedisClusterNode> masters(RedisClusterClient client) {
    return client.getPartitions().stream()
        .filter(node -> node.getRole().isUpstream() && !node.getSlots().isEmpty())
        .toList();
  }

  private static OfLoop loop(List<OfLoop> loops, int affinity) {
    OfLoop chosen = loops.get(Math.floorMod(affinity, loops.size()));
    for (OfLoop each : loops) {
      if (each.loop() != null && each.loop().inEventLoop()) {
        chosen = each;
      }
    }
    return chosen;
  }

  @Override
  public RedisLink link(int affinity, @Nullable String key) {
    OfLoop loop = loop(loops, affinity);
    RedisClusterNode master = key == null ? null : loop.master(SlotHash.getSlot(key));
    String server = master == null ? NOBODY : master.getNodeId();
    int first = Math.floorMod(affinity >>> 8, loop.wires().size());
    RedisLink link = loop.wires().get(first).link(server);
    for (int n = 1; n < loop.wires().size() && !link.hasRoom(); n++) {
      link = loop.wires().get((first + n) % loop.wires().size()).link(server);
    }
    return link;
  }

  @Override
  public @Nullable RedisLink writing(int affinity, String key) {
    if (writing == loops) {
      return link(affinity, key);
    }
    OfLoop loop = loop(writing, affinity);
    RedisClusterNode master = loop.master(SlotHash.getSlot(key));
    if (master == null) {
      return null;
    }
    int first = Math.floorMod(affinity >>> 8, loop.wires().size());
    for (int n = 0; n < loop.wires().size(); n++) {
      RedisLink link = loop.wires().get((first + n) % loop.wires().size()).direct(master);
      if (link != null && link.hasRoom()) {
        return link;
      }
    }
    return null;
  }

  @Override
  public SlotPatience patience() {
    return patience;
  }

  /**
   * While a slot moves a server refuses, before it runs, whatever names a key that it does not
   * have. One that nobody ever has makes that so for every script that writes: else one whose keys
   * were all there could lose the last row of a key half-way, be refused the next write to it, and
   * leave half a commit.
   */
  @Override
  public String absentKey(String key) {
    return key.substring(0, key.indexOf('}') + 1) + ":-";
  }

  @Override
  public String shardOf(String key) {
    RedisClusterNode master = loops.get(0).master(SlotHash.getSlot(key));
    return master == null ? NOBODY : master.getNodeId();
  }

  @Override
  public List<Shard> shards() {
    List<Shard> shards = new ArrayList<>();
    Wires wires = loops.get(0).wires().get(0);
    for (RedisClusterNode master : masters(loops.get(0).client())) {
      CompletableFuture<StatefulRedisConnection<String, String>> own = wires.to(master);
      if (own.isDone() && !own.isCompletedExceptionally()) {
        StatefulRedisConnection<String, String> connection = own.join();
        shards.add(
            new Shard(
                master.getNodeId(),
                new RedisLink(connection, connection.async(), wires.mostWaiting, Copies.NONE)));
      }
    }
    return shards;
  }

  /** The client's map is old: patience has it read again. */
  @Override
  public void misplaced(RedisLink link) {}
}
