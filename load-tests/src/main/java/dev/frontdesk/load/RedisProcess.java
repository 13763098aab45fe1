// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.embedded.core.ExecutableProvider;

/** A redis-server of a run's own, and the one a gateway embeds, seen from outside. */
public final class RedisProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private RedisProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The bundled server, {@code appendfsync always}, on a free port of 127.0.0.1. */
  static RedisProcess start(Path folder) {
    try {
      Files.createDirectories(folder);
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      Process process =
          new ProcessBuilder(
                  binary(folder).toString(),
                  "--bind",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(port),
                  "--dir",
                  folder.toString(),
                  "--appendonly",
                  "yes",
                  "--appendfsync",
                  "always",
                  "--save",
                  "",
                  "--hash-max-ziplist-value",
                  "2048")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
      RedisProcess redis = new RedisProcess(process, port);
      redis.awaitPing();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server found on PATH by {@code REDIS_SERVER}, or the bundled one, unpacked here. */
  public static Path binary(Path folder) throws IOException {
    String named = System.getenv("REDIS_SERVER");
    if (named != null) {
      return Path.of(named);
    }
    Path to = folder.resolve("redis-server");
    if (!Files.exists(to)) {
      try (InputStream in =
          ExecutableProvider.class.getResourceAsStream("/redis-server-6.2.6-v5-linux-amd64")) {
        if (in == null) {
          throw new IOException("the bundled server for linux-amd64 is absent, set REDIS_SERVER");
        }
        Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!to.toFile().setExecutable(true)) {
        throw new IOException(to + " cannot be made executable");
      }
    }
    return to;
  }

  /** The server that the gateway of this data folder embeds, if it runs. */
  static Optional<ProcessHandle> of(Path dataDir) {
    try {
      List<String> lines = Files.readAllLines(dataDir.resolve("redis/redis.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).trim().split("\\s+", 2)[0]));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Address of the server that the gateway of this data folder embeds. */
  static String url(Path dataDir) {
    return "redis-socket://" + dataDir.resolve("redis/run/redis.sock").toAbsolutePath();
  }

  /** {@code redis://127.0.0.1:port}. */
  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Members of a workspace's sorted set, by the last part of its key. */
  long count(String workspace, String key) {
    return ask(url(), redis -> redis.zcard("{" + workspace + "}:" + key));
  }

  /** Bytes it has allocated, as it says. */
  long usedMemory() {
    String said = ask(url(), redis -> redis.info("memory"));
    String key = "used_memory:";
    return said.lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length()).trim()))
        .findFirst()
        .orElseThrow();
  }

  /** Asks a server something on a connection of its own. */
  static <T> T ask(String url, Function<RedisCommands<String, String>, T> question) {
    return connected(url, connection -> question.apply(connection.sync()));
  }

  /** Does something with a server on a connection of its own. */
  static <T> T connected(String url, Function<StatefulRedisConnection<String, String>, T> work) {
    RedisClient client = RedisClient.create(RedisURI.create(url));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return work.apply(connection);
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }

  /** Waits until the server answers, at most 10 s. */
  private void awaitPing() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        if (ask(url(), RedisCommands::ping).equals("PONG")) {
          return;
        }
      } catch (RuntimeException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
