// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.load.RedisProcess;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One redis-server of a run, and a connection to look at it. Blocking. */
final class RedisNode {

  private static final int HIGHEST_PORT = 55_535; // the bus of a cluster listens 10,000 above
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisClient client;
  private final Path folder;
  private final List<String> command;
  private final int port;
  private Process process;
  private @Nullable StatefulRedisConnection<String, String> connection;

  private RedisNode(RedisClient client, Path folder, List<String> command, int port)
      throws IOException {
    this.client = client;
    this.folder = folder;
    this.command = command;
    this.port = port;
    this.process = launch();
  }

  /** Starts one on a free port of 127.0.0.1. */
  static RedisNode start(RedisClient client, Path folder, String... options) {
    try {
      Files.createDirectories(folder);
      int port = freePort();
      Path own = Files.createDirectories(folder.resolve("redis-" + port));
      List<String> command = new ArrayList<>();
      command.add(RedisProcess.binary(folder).toString());
      command.addAll(
          List.of(
              "--port", Integer.toString(port),
              "--bind", "127.0.0.1",
              "--dir", own.toString(),
              "--save", "",
              "--appendonly", "yes",
              "--appendfsync", "everysec",
              "--repl-diskless-sync", "yes",
              "--repl-diskless-sync-delay", "0",
              "--hash-max-ziplist-value", "2048"));
      command.addAll(List.of(options));
      RedisNode node = new RedisNode(client, own, command, port);
      node.awaitAnswer();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("redis.log").toFile()))
        .start();
  }

  /** A port that is free, as is the one of a cluster's bus above it. */
  static int freePort() throws IOException {
    int port = 0;
    for (int tried = 0; tried < 1_000 && port == 0; tried++) {
      port = maybeFree();
    }
    return port;
  }

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

  int port() {
    return port;
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  RedisCommands<String, String> commands() {
    StatefulRedisConnection<String, String> known = connection;
    if (known == null) {
      known =
          client.connect(
              RedisURI.builder()
                  .withHost("127.0.0.1")
                  .withPort(port)
                  .withTimeout(Duration.ofSeconds(10))
                  .build());
      connection = known;
    }
    return known.sync();
  }

  String id() {
    return commands().clusterMyId();
  }

  boolean isMaster() {
    return commands().info("replication").contains("role:master");
  }

  boolean isLinked() {
    return commands().info("replication").contains("master_link_status:up");
  }

  /** Ends the connections of its replicas, who come back at once unless they are stopped. */
  void cutReplicas() {
    long cut = commands().clientKill(KillArgs.Builder.typeSlave());
    if (cut == 0) {
      throw new IllegalStateException(url() + " had no replica");
    }
  }

  /** SIGSTOP, SIGCONT. */
  void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("redis-server does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again where it was. */
  void startAgain() {
    try {
      process = launch();
      awaitAnswer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer() {
    await("an answer of " + url(), () -> "PONG".equals(commands().ping()));
  }

  /** Waits for a condition that may throw until it holds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (RuntimeException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
