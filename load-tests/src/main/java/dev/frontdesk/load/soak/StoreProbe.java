// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.load.LoadConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What Redis says of itself, and how much of it is kept by promise: what was received is remembered
 * for twelve days and the answer to an {@code Idempotency-Key} for a day, so these grow for all of
 * a run however well everything else is trimmed. Used by one thread.
 */
final class StoreProbe implements AutoCloseable {

  /**
   * What the key itself takes of what {@code MEMORY USAGE} says, and {@code used_memory_dataset}
   * does not count: its entry in the table (24 bytes) and its object (16).
   */
  private static final int ENTRY = 40;

  private static final int BATCH = 500;
  private static final List<String> PROMISED = List.of("d:", "op:", "co:");

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  StoreProbe(String url) {
    client = RedisClient.create(RedisURI.create(url));
    client.setOptions(
        ClientOptions.builder()
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    connection = client.connect();
    connection.setTimeout(Duration.ofSeconds(10));
  }

  /** Bytes, but {@code keys}. */
  record Said(long usedMemory, long dataset, long appendOnlyFile, long keys, long conversations) {}

  /** What is kept by promise: how many keys, and their bytes without the table of keys. */
  record Census(long keys, long bytes) {}

  Said look() {
    String memory = connection.sync().info("memory");
    String persistence = connection.sync().info("persistence");
    return new Said(
        number(memory, "used_memory"),
        number(memory, "used_memory_dataset"),
        number(persistence, "aof_current_size"),
        connection.sync().dbsize(),
        connection.sync().zcard("{" + LoadConfig.WORKSPACE + "}:ix"));
  }

  /** Goes through all keys; some milliseconds of Redis's time for ten thousand of them. */
  Census census() {
    long keys = 0;
    long bytes = 0;
    ScanArgs some = ScanArgs.Builder.limit(BATCH);
    ScanCursor at = ScanCursor.INITIAL;
    do {
      KeyScanCursor<String> page = connection.sync().scan(at, some);
      List<RedisFuture<Long>> sizes = new ArrayList<>();
      for (String key : page.getKeys()) {
        if (isPromised(key)) {
          sizes.add(connection.async().memoryUsage(key));
        }
      }
      for (RedisFuture<Long> size : sizes) {
        Long of = await(size);
        keys += of == null ? 0 : 1;
        bytes += of == null ? 0 : of - ENTRY;
      }
      at = page;
    } while (!at.isFinished());
    return new Census(keys, bytes);
  }

  /** Has Redis close the connections of all others. */
  void cutOthers() {
    Long cut = connection.sync().clientKill(io.lettuce.core.KillArgs.Builder.typeNormal().skipme());
    assert cut != null;
  }

  /** Has Redis answer nobody for so long. */
  void pause(long millis) {
    String done = connection.sync().clientPause(millis);
    assert done != null;
  }

  /**
   * Has Redis rewrite its file, unless it does so already because of what the file has grown by.
   */
  void rewrite() {
    try {
      String begun = connection.sync().bgrewriteaof();
      assert begun != null;
    } catch (RedisCommandExecutionException refused) {
      if (!String.valueOf(refused.getMessage()).contains("already in progress")) {
        throw refused;
      }
    }
  }

  private static boolean isPromised(String key) {
    String kind = key.substring(key.indexOf(':') + 1);
    return PROMISED.stream().anyMatch(kind::startsWith);
  }

  private static <T> T await(RedisFuture<T> answer) {
    try {
      return answer.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long number(String said, String name) {
    return said.lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).trim()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
