// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.load.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A master, a replica and a sentinel on 127.0.0.1. Blocking. */
final class Watched implements AutoCloseable {

  /** What the sentinel calls silence; failing over takes a second or two more. */
  static final int DOWN_AFTER_MILLIS = 2_000;

  private final RedisClient client;
  private final RedisNode master;
  private final RedisNode replica;
  private final Process sentinel;
  private final int port;

  private Watched(
      RedisClient client, RedisNode master, RedisNode replica, Process sentinel, int port) {
    this.client = client;
    this.master = master;
    this.replica = replica;
    this.sentinel = sentinel;
    this.port = port;
  }

  static Watched start(Path folder) {
    RedisClient client = RedisClient.create();
    RedisNode master = RedisNode.start(client, folder);
    RedisNode replica = RedisNode.start(client, folder);
    replica.commands().replicaof("127.0.0.1", master.port());
    RedisNode.await("the replica", replica::isLinked);
    try {
      int port = RedisNode.freePort();
      Path file =
          Files.writeString(
              folder.resolve("sentinel.conf"),
              String.join(
                  "\n",
                  "port " + port,
                  "bind 127.0.0.1",
                  "dir " + folder,
                  "sentinel monitor desk 127.0.0.1 " + master.port() + " 1",
                  "sentinel down-after-milliseconds desk " + DOWN_AFTER_MILLIS,
                  "sentinel failover-timeout desk 6000",
                  ""));
      Process sentinel =
          new ProcessBuilder(RedisProcess.binary(folder).toString(), file.toString(), "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("sentinel.log").toFile())
              .start();
      Watched watched = new Watched(client, master, replica, sentinel, port);
      RedisNode.await("the sentinel to know the replica", watched::knowsReplica);
      return watched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean knowsReplica() {
    try (StatefulRedisSentinelConnection<String, String> asked =
        client.connectSentinel(RedisURI.create("127.0.0.1", port))) {
      return asked.sync().replicas("desk").size() == 1;
    }
  }

  List<String> url() {
    return List.of("redis-sentinel://127.0.0.1:" + port + "#desk");
  }

  RedisNode master() {
    return master;
  }

  RedisNode replica() {
    return replica;
  }

  @Override
  public void close() {
    sentinel.destroyForcibly();
    master.kill();
    replica.kill();
    client.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
