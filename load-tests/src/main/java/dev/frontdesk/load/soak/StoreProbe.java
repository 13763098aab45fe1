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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What Redis says of itself and of its keys, and what may be done to it. Used by one thread. */
final class StoreProbe implements AutoCloseable {

  /**
   * What the key itself takes of what {@code MEMORY USAGE} says, and {@code used_memory_dataset}
   * does not count: its entry in the table (24 bytes) and its object (16).
   */
  private static final int ENTRY = 40;

  /** Keys of one step of SCAN: some 0.4 ms of Redis's time. */
  private static final int BATCH = 2_000;

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

  /** Goes through all keys; half a million of them take a busy machine some seconds. */
  StoreCensus census(double second) {
    StoreCensus.Builder census = new StoreCensus.Builder();
    ScanArgs some = ScanArgs.Builder.limit(BATCH);
    ScanCursor at = ScanCursor.INITIAL;
    do {
      KeyScanCursor<String> page = connection.sync().scan(at, some);
      Map<String, RedisFuture<Long>> sizes = new LinkedHashMap<>();
      for (String key : page.getKeys()) {
        if (StoreCensus.isPromised(StoreCensus.kindOf(key))) {
          census.add(StoreCensus.kindOf(key), 0);
        } else {
          sizes.put(key, connection.async().memoryUsage(key));
        }
      }
      sizes.forEach(
          (key, size) -> {
            Long of = await(size);
            if (of != null) {
              census.add(StoreCensus.kindOf(key), of - ENTRY);
            }
          });
      at = page;
    } while (!at.isFinished());
    return census.build(second);
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
