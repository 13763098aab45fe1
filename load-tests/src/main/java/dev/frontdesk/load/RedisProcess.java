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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import redis.embedded.core.ExecutableProvider;

/** A redis-server of a run's own, and the one a gateway embeds, seen from outside. */
public final class RedisProcess implements AutoCloseable {

  private final ProcessBuilder command;
  private final int port;
  private volatile Process process;

  private RedisProcess(ProcessBuilder command, int port) throws IOException {
    this.command = command;
    this.port = port;
    this.process = command.start();
  }

  /**
   * The bundled server, {@code appendfsync always}, on a free port of 127.0.0.1.
   *
   * @param options further ones of its command line, which win
   */
  public static RedisProcess start(Path folder, String... options) {
    return start(folder, Map.of(), options);
  }

  /** The same with more in its environment. */
  public static RedisProcess start(
      Path folder, Map<String, String> environment, String... options) {
    try {
      Files.createDirectories(folder);
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      List<String> words = new ArrayList<>();
      words.add(binary(folder).toString());
      words.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
      words.addAll(List.of("--dir", folder.toString(), "--save", ""));
      words.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
      words.addAll(List.of("--hash-max-ziplist-value", "2048"));
      words.addAll(List.of(options));
      ProcessBuilder command =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("redis.log").toFile()));
      command.environment().putAll(environment);
      RedisProcess redis = new RedisProcess(command, port);
      redis.awaitPing();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /**
   * Starts it again after {@link #kill} or its own end, with the same command; waits until it
   * serves.
   */
  public void restart() {
    launch();
    awaitPing();
  }

  /** Starts it again and does not wait. */
  public void launch() {
    try {
      process = command.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Its process id now. */
  public long pid() {
    return process.pid();
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** An option that it has from now on. */
  public void set(String option, String value) {
    String done = ask(url(), redis -> redis.configSet(option, value));
    if (!"OK".equals(done)) {
      throw new IllegalStateException(option + " " + value + ": " + done);
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
  public static Optional<ProcessHandle> of(Path dataDir) {
    try {
      List<String> lines = Files.readAllLines(dataDir.resolve("redis/redis.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).trim().split("\\s+", 2)[0]));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Address of the server that the gateway of this data folder embeds. */
  public static String url(Path dataDir) {
    return "redis-socket://" + dataDir.resolve("redis/run/redis.sock").toAbsolutePath();
  }

  /** {@code redis://127.0.0.1:port}. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Members of a workspace's sorted set, by the last part of its key. */
  public long count(String workspace, String key) {
    return ask(url(), redis -> redis.zcard("{" + workspace + "}:" + key));
  }

  /** Bytes it has allocated, as it says. */
  public long usedMemory() {
    String said = ask(url(), redis -> redis.info("memory"));
    String key = "used_memory:";
    return said.lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length()).trim()))
        .findFirst()
        .orElseThrow();
  }

  /** Bytes of what a server keeps: without itself, connections and buffers. */
  public static long dataset(String url) {
    String said = ask(url, redis -> redis.info("memory"));
    String key = "used_memory_dataset:";
    return said.lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length()).trim()))
        .findFirst()
        .orElseThrow();
  }

  /** Asks a server something on a connection of its own. */
  public static <T> T ask(String url, Function<RedisCommands<String, String>, T> question) {
    return connected(url, connection -> question.apply(connection.sync()));
  }

  /** Does something with a server on a connection of its own. */
  public static <T> T connected(
      String url, Function<StatefulRedisConnection<String, String>, T> work) {
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
