// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The connections to one server, or to whichever server the sentinels call master. */
final class ServerLinks implements Links {

  private final List<LoopLinks> links;
  private final List<LoopLinks> writing;
  private final @Nullable SlotPatience patience;

  /**
   * The connections of one event loop.
   *
   * @param loop null: of a thread of Lettuce
   */
  private record LoopLinks(@Nullable EventLoop loop, List<RedisLink> links) {}

  private ServerLinks(
      List<LoopLinks> links, List<LoopLinks> writing, @Nullable SlotPatience patience) {
    this.links = links;
    this.writing = writing;
    this.patience = patience;
  }

  /**
   * Connects; blocking.
   *
   * @param each connections of each loop
   * @param mostWaiting commands that may wait on each connection
   * @param patience null where no other server takes over
   */
  static ServerLinks open(
      LettuceClients clients,
      int each,
      int mostWaiting,
      Copies copies,
      long patienceMillis,
      @Nullable SlotPatience patience)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<LoopLinks> reading = open(clients, each, mostWaiting, Copies.NONE, patienceMillis);
    List<LoopLinks> writing =
        copies.awaited() ? open(clients, each, mostWaiting, copies, patienceMillis) : reading;
    return new ServerLinks(reading, writing, patience);
  }

  private static List<LoopLinks> open(
      LettuceClients clients, int each, int mostWaiting, Copies copies, long patienceMillis)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<LoopLinks> open = new ArrayList<>();
    // one after the other, so that a wrong password is tried once
    for (LettuceClients.OnLoop client : clients.each()) {
      List<RedisLink> links = new ArrayList<>();
      for (int n = 0; n < each; n++) {
        var connection = client.connect().get(patienceMillis, TimeUnit.MILLISECONDS);
        links.add(new RedisLink(connection, connection.async(), mostWaiting, copies));
      }
      open.add(new LoopLinks(client.loop(), List.copyOf(links)));
    }
    return List.copyOf(open);
  }

  @Override
  public RedisLink link(int affinity, @Nullable String key) {
    return link(links, affinity);
  }

  @Override
  public RedisLink writing(int affinity, String key) {
    return link(writing, affinity);
  }

  /**
   * On an event loop one of its own connections, elsewhere any; the same for one affinity. While it
   * is full or broken any that is not: after a restart of Redis they do not come back together.
   */
  private static RedisLink link(List<LoopLinks> links, int affinity) {
    LoopLinks chosen = links.get(Math.floorMod(affinity, links.size()));
    for (LoopLinks each : links) {
      if (each.loop() != null && each.loop().inEventLoop()) {
        chosen = each;
      }
    }
    RedisLink link = chosen.links().get(Math.floorMod(affinity >>> 8, chosen.links().size()));
    return link.hasRoom() ? link : anyWithRoom(links, link);
  }

  private static RedisLink anyWithRoom(List<LoopLinks> links, RedisLink otherwise) {
    for (LoopLinks each : links) {
      for (RedisLink link : each.links()) {
        if (link.hasRoom()) {
          return link;
        }
      }
    }
    return otherwise;
  }

  @Override
  public @Nullable SlotPatience patience() {
    return patience;
  }

  @Override
  public @Nullable String absentKey(String key) {
    return null;
  }

  @Override
  public String shardOf(String key) {
    return "";
  }

  @Override
  public List<Shard> shards() {
    return List.of(new Shard("", link(0, null)));
  }

  /**
   * A connection to a server that says it is a replica now would stay there: it is ended, and the
   * next one asks the sentinels. (They end those of a master that they replace themselves, but not
   * those of one that they cannot reach.)
   */
  @Override
  public void misplaced(RedisLink link) {
    if (patience != null && link.mayLeave()) {
      var unused = link.commands().quit();
    }
  }
}
