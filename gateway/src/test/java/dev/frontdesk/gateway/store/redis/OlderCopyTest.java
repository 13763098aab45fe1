// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.fault.OwnRedis;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Row R-14, the harder half: Redis comes back as an older copy of the same store. */
class OlderCopyTest {

  private static final String WORKSPACE = "acme";
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration BEAT = Duration.ofMillis(100);

  private final RedisKeys keys = new RedisKeys(WORKSPACE);
  private final Path folder = TestRedis.folder();
  private final Path copy = folder.resolve("copy");
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis server;
  private RedisConnection connection;
  private RedisStore store;

  @BeforeEach
  void start() {
    server = TestRedis.start(vertx, folder);
    connection = TestRedis.connect(vertx, server.address());
    store = open(BOUND);
    assertThat(TestRedis.await(store.open(WORKSPACE))).isTrue();
  }

  @AfterEach
  void stop() {
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  private RedisStore open(Duration bound) {
    return TestRedis.await(
        RedisStore.open(vertx, connection, folder, bound, BEAT, StoreAlarms.NONE));
  }

  private CommitResult push(String value) {
    return TestRedis.await(
        store.commit(
            Commit.of(WORKSPACE, store.clock("acme").now(), Commit.Urgency.RELEASING)
                .write(new Write.Push(keys.parked("l"), value))
                .build()));
  }

  private long mark() {
    String mark = TestRedis.await(store.get(keys.highWater()));
    return mark == null ? 0 : Long.parseLong(mark);
  }

  private void awaitMark(long past) {
    Awaitility.await("mark past " + past)
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> mark() > past);
  }

  /** Stops the server, does something to its files, starts it again on the same socket. */
  private void whileStopped(Work work) throws IOException {
    TestRedis.await(server.close());
    work.run();
    server = TestRedis.start(vertx, folder);
    Awaitility.await("reconnected")
        .atMost(Duration.ofSeconds(8))
        .ignoreExceptions()
        .until(() -> TestRedis.await(connection.ask(0, redis -> redis.ping())).equals("PONG"));
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void copyStore(Path from, Path to) throws IOException {
    TestRedis.delete(to);
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        String name = from.relativize(path).toString();
        if (name.isEmpty() || name.startsWith("appendonly")) {
          Files.createDirectories(to.resolve(name).getParent());
          Files.copy(path, to.resolve(name));
        }
      }
    }
  }

  private void keepCopy() throws IOException {
    whileStopped(
        () -> {
          Files.createDirectories(copy);
          copyStore(folder.resolve("redis"), copy);
        });
  }

  private void putCopyBack() throws IOException {
    try (Stream<Path> paths = Files.list(folder.resolve("redis"))) {
      List<Path> stored =
          paths.filter(path -> path.getFileName().toString().startsWith("appendonly")).toList();
      stored.forEach(TestRedis::delete);
    }
    try (Stream<Path> paths = Files.walk(copy)) {
      for (Path path : paths.toList()) {
        String name = copy.relativize(path).toString();
        if (!name.isEmpty()) {
          Files.copy(path, folder.resolve("redis").resolve(name));
        }
      }
    }
  }

  @Test
  void r14_olderCopy_isQuarantinedBeforeAnythingIsStored_untilAdopted() throws IOException {
    assertThat(push("a")).isInstanceOf(CommitResult.Done.class);
    awaitMark(0);
    keepCopy();
    long then = mark();
    awaitMark(then + BOUND.plus(BEAT).toMillis() + 500);
    assertThat(push("b")).isInstanceOf(CommitResult.Done.class);

    whileStopped(this::putCopyBack);

    assertThat(push("c")).isInstanceOf(CommitResult.Quarantined.class);
    assertThat(store.isQuarantined(WORKSPACE)).isTrue();
    assertThatThrownBy(
            () ->
                TestRedis.await(
                    store.claimDue(WORKSPACE, keys.timers(), Duration.ofSeconds(1), 10)))
        .hasMessageContaining("quarantine");
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1)))
        .as("an older copy, untouched")
        .containsExactly("a");
    RedisStore started = open(BOUND);
    assertThat(TestRedis.await(started.open(WORKSPACE))).as("known by its file, too").isFalse();
    TestRedis.await(started.close());

    String epoch = TestRedis.await(store.adopt(WORKSPACE));

    assertThat(epoch).startsWith("2-");
    assertThat(push("d")).isInstanceOf(CommitResult.Done.class);
    awaitMark(then + BOUND.plus(BEAT).toMillis());
  }

  @Test
  void r06_copyThatLostLessThanTheBound_isNoOlderCopy() throws IOException {
    TestRedis.await(store.close());
    store = open(HighWater.LOSS_BOUND); // however slow this machine is, it loses less
    assertThat(TestRedis.await(store.open(WORKSPACE))).isTrue();
    assertThat(push("a")).isInstanceOf(CommitResult.Done.class);
    awaitMark(0);
    keepCopy();
    long then = mark();
    assertThat(push("lost")).isInstanceOf(CommitResult.Done.class);
    awaitMark(then);

    // what a failover to a replica that lagged leaves
    whileStopped(this::putCopyBack);

    assertThat(push("c")).isInstanceOf(CommitResult.Done.class);
    assertThat(store.isQuarantined(WORKSPACE)).isFalse();
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1)))
        .as("the control: it is an older copy")
        .containsExactly("a", "c");
  }

  @Test
  void r14_olderCopyBehindAConnectionThatHolds_isFoundByTheNextMark() {
    awaitMark(0);
    Awaitility.await("a mark that may be missed")
        .atMost(Duration.ofSeconds(8))
        .until(
            () -> {
              TestRedis.await(
                  connection.ask(0, redis -> redis.set(keys.highWater().name(), "1000")));
              return store.isQuarantined(WORKSPACE);
            });

    assertThat(push("c")).isInstanceOf(CommitResult.Quarantined.class);
  }

  /** A replica that is promoted and lacks what the master took in the last {@code lag}. */
  private CommitResult afterFailover(Duration lag, Duration bound) {
    Path here = folder.resolve("servers");
    CommitResult result;
    try (OwnRedis master =
            new OwnRedis(directory(here.resolve("a")), "--repl-diskless-sync-delay", "0");
        OwnRedis replica =
            new OwnRedis(
                directory(here.resolve("b")),
                "--replicaof",
                "127.0.0.1",
                Integer.toString(port(master)))) {
      CuttingProxy proxy = TestRedis.await(CuttingProxy.open(vertx, at(master)));
      RedisConnection through =
          TestRedis.connect(vertx, RedisAddress.of("redis://127.0.0.1:" + proxy.port()));
      RedisStore replicated =
          TestRedis.await(RedisStore.open(vertx, through, here, bound, BEAT, StoreAlarms.NONE));
      assertThat(TestRedis.await(replicated.open(WORKSPACE))).isTrue();
      Awaitility.await("replicated")
          .atMost(Duration.ofSeconds(20))
          .until(() -> replica.ask("GET {acme}:hw").startsWith("$1"));
      assertThat(replica.ask("REPLICAOF NO ONE")).isEqualTo("+OK");
      String left = TestRedis.await(replicated.get(keys.highWater()));
      Awaitility.await("what is lost")
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  Long.parseLong(TestRedis.await(replicated.get(keys.highWater())))
                      >= Long.parseLong(left) + lag.toMillis());
      proxy.aim(at(replica));
      master.kill();

      Awaitility.await("served by the other one")
          .atMost(Duration.ofSeconds(8))
          .ignoreExceptions()
          .until(() -> TestRedis.await(through.ask(0, redis -> redis.ping())).equals("PONG"));
      result =
          TestRedis.await(
              replicated.commit(
                  Commit.of(WORKSPACE, replicated.clock(WORKSPACE).now(), Commit.Urgency.INTAKE)
                      .write(new Write.Push(keys.parked("l"), "after"))
                      .build()));
      TestRedis.await(replicated.close());
      TestRedis.await(through.close());
      TestRedis.await(proxy.close());
    }
    return result;
  }

  private static Path directory(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(OwnRedis redis) {
    return URI.create(redis.url()).getPort();
  }

  private static SocketAddress at(OwnRedis redis) {
    return SocketAddress.inetSocketAddress(port(redis), "127.0.0.1");
  }

  @Test
  void r06_failoverThatLosesLessThanTheBound_isNoQuarantine() {
    assertThat(afterFailover(Duration.ofMillis(300), HighWater.LOSS_BOUND))
        .isInstanceOf(CommitResult.Done.class);
  }

  @Test
  void r14_failoverThatLosesMoreThanTheBound_isQuarantine() {
    assertThat(afterFailover(BOUND.plus(BEAT).plusMillis(400), BOUND))
        .isInstanceOf(CommitResult.Quarantined.class);
  }
}
