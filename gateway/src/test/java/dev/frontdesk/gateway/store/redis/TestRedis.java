// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.store.StoreAlarms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests, started once per JVM and stopped at its end. Each test takes a workspace
 * of its own, so nothing needs to be cleaned:
 *
 * <pre>
 * RedisStore store = TestRedis.store();          // shared; do not close
 * String workspace = TestRedis.workspace();      // fresh; opened
 * CompletionStages: TestRedis.await(future)      // blocks the test's thread, ≤ 10 s
 * </pre>
 *
 * {@link #connect} makes a connection of its own, {@link #start} a server of its own on a folder.
 */
public final class TestRedis {

  public static final FrontdeskConfig.Embedded CONFIG =
      new FrontdeskConfig.Embedded(null, "256mb", "always", "1mb");
  public static final Duration TIMEOUT = Duration.ofMillis(1500);

  private static final AtomicInteger WORKSPACES = new AtomicInteger();

  private TestRedis() {}

  private static final class Shared {
    static final Vertx VERTX = Vertx.vertx();
    static final Path FOLDER = folder();
    static final EmbeddedRedis SERVER =
        await(EmbeddedRedis.start(VERTX, FOLDER, CONFIG, StoreAlarms.NONE));
    static final RedisConnection CONNECTION = connect(VERTX, SERVER.address());
    static final RedisStore STORE =
        await(RedisStore.open(VERTX, CONNECTION, FOLDER, StoreAlarms.NONE));

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(Shared::stop));
    }

    private static void stop() {
      await(STORE.close());
      await(CONNECTION.close());
      await(SERVER.close());
      await(VERTX.close());
      delete(FOLDER);
    }
  }

  /** The shared store. */
  public static RedisStore store() {
    return Shared.STORE;
  }

  /** The connection of the shared store, for commands of your own. */
  static RedisConnection connection() {
    return Shared.CONNECTION;
  }

  /** The Vert.x of the shared store. */
  public static Vertx vertx() {
    return Shared.VERTX;
  }

  /** The shared server. */
  public static EmbeddedRedis server() {
    return Shared.SERVER;
  }

  /** A workspace nobody else uses, open on the shared store. */
  public static String workspace() {
    String workspace = "w" + WORKSPACES.incrementAndGet();
    if (!await(store().open(workspace))) {
      throw new IllegalStateException(workspace + " is in quarantine");
    }
    return workspace;
  }

  /** A connection of your own; close it. */
  public static RedisConnection connect(Vertx vertx, RedisAddress address) {
    return await(RedisConnection.open(vertx, address, TIMEOUT, 10_000, nanos -> {}));
  }

  /** A server of your own; close it. */
  public static EmbeddedRedis start(Vertx vertx, Path dataDir) {
    return await(EmbeddedRedis.start(vertx, dataDir, CONFIG, StoreAlarms.NONE));
  }

  /** The redis-server an embedded one in {@code folder} would run. Blocking. */
  public static Path binary(Path folder) {
    return RedisBinary.choose(null, folder.resolve("bin"), System.getenv("PATH")).path();
  }

  /** The result of a future, or its failure thrown. Not for event loops. */
  public static <T extends @Nullable Object> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("no answer within 10 s", e);
    }
  }

  /** A redis-server newer than the bundled one: {@code FRONTDESK_NEWER_REDIS} or on PATH. */
  static @Nullable String newerBinary() {
    String named = System.getenv("FRONTDESK_NEWER_REDIS");
    List<String> places =
        List.of(named == null ? "" : named, "/usr/bin/redis-server", "/usr/local/bin/redis-server");
    return places.stream()
        .filter(place -> !place.isEmpty() && Files.isExecutable(Path.of(place)))
        .findFirst()
        .orElse(null);
  }

  static Path folder() {
    try {
      return Files.createTempDirectory("frontdesk-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
