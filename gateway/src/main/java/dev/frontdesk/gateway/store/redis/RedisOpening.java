// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** Makes the connections of a {@link RedisConnection} and looks at what they lead to. */
final class RedisOpening {

  /**
   * Redis reads at most 16 KiB of one connection between two fsyncs, so several connections make
   * larger group commits. Of 4, 8, 16 and 32, 16 stored the most: what bounds intake is that
   * process, which computes and awaits its disk in turns.
   */
  private static final int CONNECTIONS = 16;

  private RedisOpening() {}

  /** See {@link RedisConnection#open}. */
  static Future<RedisConnection> open(
      Vertx vertx,
      RedisAddress address,
      Duration timeout,
      int requestQueue,
      Copies copies,
      LongConsumer latencyNanos) {
    List<EventLoop> loops = loopsOf(vertx);
    // loading the client, its native transport and its first command takes up to 2 s on a busy
    // machine, once: on a worker, an event loop would stand still
    return vertx.executeBlocking(
        () -> {
          LettuceClients clients = LettuceClients.start(address, timeout, requestQueue, loops);
          try {
            Links links = links(vertx, clients, address, timeout, requestQueue, copies);
            return connect(clients, links, copies.awaited(), timeout, latencyNanos);
          } catch (ExecutionException | TimeoutException | RuntimeException e) {
            clients.stop();
            throw notConnected(address, e);
          }
        },
        false);
  }

  /** The loops connections may live on: none where Vert.x has another transport than Lettuce. */
  private static List<EventLoop> loopsOf(Vertx vertx) {
    List<EventLoop> loops = new ArrayList<>();
    if (vertx.isNativeTransportEnabled() && vertx instanceof VertxInternal known) {
      known.nettyEventLoopGroup().forEach(executor -> loops.add((EventLoop) executor));
    }
    return loops;
  }

  private static Links links(
      Vertx vertx,
      LettuceClients clients,
      RedisAddress address,
      Duration timeout,
      int requestQueue,
      Copies copies)
      throws ExecutionException, TimeoutException, InterruptedException {
    long wait = timeout.toMillis() * 2;
    int each = Math.max(1, (CONNECTIONS + clients.each().size() - 1) / clients.each().size());
    int mostWaiting = Math.max(1, requestQueue / (each * clients.each().size()));
    SlotPatience patience =
        address.failsOver() ? new SlotPatience(vertx, clients::lookAgain) : null;
    return address.kind() == RedisAddress.Kind.CLUSTER
        ? ClusterLinks.open(
            clients, each, mostWaiting, copies, wait, Objects.requireNonNull(patience))
        : ServerLinks.open(clients, each, mostWaiting, copies, wait, patience);
  }

  private static RedisConnection connect(
      LettuceClients clients,
      Links links,
      boolean awaitsReplicas,
      Duration timeout,
      LongConsumer latencyNanos)
      throws ExecutionException, TimeoutException, InterruptedException {
    long wait = timeout.toMillis() * 2;
    for (Links.Shard shard : links.shards()) {
      String whole = shard.link().commands().info("cluster").get(wait, TimeUnit.MILLISECONDS);
      if (links instanceof ServerLinks && whole.contains("cluster_enabled:1")) {
        throw new IllegalStateException(
            "it belongs to a cluster, expected its seeds as a list: url: [redis://…, redis://…]");
      }
      for (Script script : List.of(CommitScript.SCRIPT, LoadScript.SCRIPT, ClaimDueScript.SCRIPT)) {
        String sha =
            shard.link().commands().scriptLoad(script.text()).get(wait, TimeUnit.MILLISECONDS);
        if (!sha.equals(script.sha())) {
          throw new IllegalStateException("Redis knows " + script.name() + " by another digest");
        }
      }
    }
    StatefulRedisPubSubConnection<String, String> subscriber =
        clients.each().get(0).subscribe().get(wait, TimeUnit.MILLISECONDS);
    return new RedisConnection(clients, links, awaitsReplicas, subscriber, latencyNanos);
  }

  private static StoreUnavailableException notConnected(RedisAddress address, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = root instanceof TimeoutException ? "no answer in time" : root.getMessage();
    return new StoreUnavailableException("cannot connect to " + address + ": " + why, false, cause);
  }
}
