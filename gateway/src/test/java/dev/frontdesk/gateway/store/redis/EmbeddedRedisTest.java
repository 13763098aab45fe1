// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.RedisUrl;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EmbeddedRedisTest {

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = TestRedis.folder();
  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void close() {
    children.forEach(Process::destroyForcibly);
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  private EmbeddedRedis start(FrontdeskConfig.Embedded config) {
    return TestRedis.await(EmbeddedRedis.start(vertx, folder, config, StoreAlarms.NONE));
  }

  @Test
  void start_statesWhatAMessageSurvives_byTheLiveServer() {
    EmbeddedRedis server = start(TestRedis.CONFIG);
    RedisConnection connection = TestRedis.connect(vertx, server.address());

    StoreSettings settings = TestRedis.await(StoreSettings.read(connection));

    assertThat(settings.appendOnly()).isTrue();
    assertThat(settings.appendFsync()).isEqualTo("always");
    assertThat(settings.eviction()).isEqualTo("noeviction");
    assertThat(settings.maxMemory()).isEqualTo(256L << 20);
    assertThat(settings.version()).isEqualTo(server.version());
    assertThat(settings.statement()).contains("survives a crash of the gateway, of Redis, and");

    TestRedis.await(connection.ask(0, redis -> redis.configSet("maxmemory-policy", "allkeys-lru")));
    assertThatThrownBy(() -> TestRedis.await(StoreSettings.read(connection)))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("allkeys-lru");
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
  }

  /** As root, who may; anybody else cannot open it anyhow. */
  @Test
  void start_onTheStoreOfAnotherUser_isRefused_andLeavesNothing() throws IOException {
    Path redis = Files.createDirectories(folder.resolve("redis"));
    UserPrincipal me = Files.getOwner(redis);
    Assumptions.assumeTrue(me.getName().equals("root"), "root only");
    UserPrincipal nobody =
        redis.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    assertThat(Files.setOwner(redis, nobody)).isEqualTo(redis);

    assertThatThrownBy(() -> start(TestRedis.CONFIG))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageEndingWith("redis is of the user nobody, this runs as root: run it as nobody");

    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all).containsExactlyInAnyOrder(folder, redis);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void childThatRewritesTheFile_givesWayToRedis() {
    EmbeddedRedis server = start(TestRedis.CONFIG);
    RedisConnection connection = TestRedis.connect(vertx, server.address());
    TestRedis.await(connection.ask(0, redis -> redis.set("a", "row")));
    // a row takes half a minute: the child is there until it is looked for
    TestRedis.await(connection.ask(0, redis -> redis.configSet("rdb-key-save-delay", "30000000")));

    TestRedis.await(connection.ask(0, redis -> redis.bgrewriteaof()));

    Awaitility.await()
        .until(
            () -> ProcessHandle.of(server.pid()).orElseThrow().children().map(this::nice).toList(),
            List.of(BackgroundPriority.NICE)::equals);
    assertThat(nice(ProcessHandle.of(server.pid()).orElseThrow()))
        .isEqualTo(nice(ProcessHandle.current()));
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
  }

  /** Field 19 of {@code /proc/PID/stat}, proc(5); the name in field 2 may have spaces. */
  private int nice(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void start_onAFolderInUse_isRefused_andAfterCloseNot() throws IOException {
    EmbeddedRedis first = start(TestRedis.CONFIG);
    long pid = first.pid();

    assertThatThrownBy(() -> start(TestRedis.CONFIG))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("in use by another gateway");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("redis/run"))))
        .isEqualTo("rwx------");

    TestRedis.await(first.close());
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive))
        .isNotEqualTo(java.util.Optional.of(true));
    TestRedis.await(start(TestRedis.CONFIG).close());
  }

  @Test
  void start_findsTheServerOfAKilledGateway_andKeepsItsRows() throws Exception {
    EmbeddedRedis first = start(TestRedis.CONFIG);
    TestRedis.await(first.close());
    // what a gateway killed by SIGKILL leaves: a running server, its pid file, no lock
    Process left =
        new ProcessBuilder(
                RedisBinary.choose(null, folder.resolve("redis/bin"), System.getenv("PATH"))
                    .path()
                    .toString(),
                folder.resolve("redis/redis.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("left.log").toFile())
            .start();
    children.add(left);
    Path socket = folder.resolve("redis/run/redis.sock");
    Awaitility.await().until(() -> Files.exists(socket));
    Files.writeString(folder.resolve("redis/redis.pid"), left.pid() + "\n" + socket + "\n");
    RedisConnection before = TestRedis.connect(vertx, RedisAddress.of(socket));
    TestRedis.await(before.ask(0, redis -> redis.set("kept", "yes")));
    TestRedis.await(before.close());

    EmbeddedRedis second = start(TestRedis.CONFIG);

    assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
    RedisConnection connection = TestRedis.connect(vertx, second.address());
    String kept = TestRedis.await(connection.ask(0, redis -> redis.get("kept")));
    assertThat(kept).isEqualTo("yes");
    TestRedis.await(connection.close());
    TestRedis.await(second.close());
  }

  /** Ctrl-C goes to every process of the terminal's group: the gateway has to drain first. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void server_isInASessionOfItsOwn() throws IOException {
    EmbeddedRedis server = start(TestRedis.CONFIG);

    assertThat(session(server.pid())).isEqualTo(server.pid());
    assertThat(session(server.pid())).isNotEqualTo(session(ProcessHandle.current().pid()));
    TestRedis.await(server.close());
  }

  /** Field 6 of proc(5) stat, counted behind the command's name, which may hold blanks. */
  private static long session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
  }

  /** Starts a server and ends the JVM without closing it, as a gateway that fails to start. */
  static final class Leaving {
    public static void main(String[] arguments) {
      EmbeddedRedis left = TestRedis.start(Vertx.vertx(), Path.of(arguments[0]));
      System.exit(left.pid() > 0 ? 3 : 4);
    }
  }

  @Test
  void exitWithoutClosing_stopsTheServer() throws Exception {
    Process leaving =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Leaving.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("leaving.log").toFile())
            .start();
    children.add(leaving);

    assertThat(leaving.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(leaving.exitValue()).isEqualTo(3);
    long pid = Long.parseLong(Files.readAllLines(folder.resolve("redis/redis.pid")).get(0));
    Awaitility.await().until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void start_onAFolderOfANewerServer_isRefused() throws IOException {
    Files.createDirectories(folder.resolve("redis"));
    Files.writeString(folder.resolve("redis/version"), "99.1.0\n");

    assertThatThrownBy(() -> start(TestRedis.CONFIG))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("was written by Redis 99.1.0");
  }

  @Test
  void start_withABinaryThatCannotRun_namesTheWayOut() throws IOException {
    Path broken = folder.resolve("broken");
    Files.writeString(
        broken, "#!/bin/sh\necho 'libssl.so.3: cannot open shared object file' >&2\nexit 127\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();

    assertThatThrownBy(
            () -> start(new FrontdeskConfig.Embedded(broken.toString(), "64mb", "always", "1mb")))
        .isInstanceOf(EmbeddedRedisException.class)
        .hasMessageContaining("libssl.so.3")
        .hasMessageEndingWith("install redis-server, or set redis.url");
  }

  @Test
  void start_inADeepFolder_putsTheSocketIntoATemporaryOne() throws IOException {
    Path deep = folder.resolve("d".repeat(90));
    EmbeddedRedis server =
        TestRedis.await(EmbeddedRedis.start(vertx, deep, TestRedis.CONFIG, StoreAlarms.NONE));
    RedisConnection connection = TestRedis.connect(vertx, server.address());

    assertThat(server.address().toString()).doesNotContain("ddd");
    String answer = TestRedis.await(connection.ask(0, redis -> redis.ping()));
    assertThat(answer).isEqualTo("PONG");
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
  }

  @Test
  void disk_belowTheBound_isTold() {
    List<Boolean> told = new ArrayList<>();
    StoreAlarms alarms =
        new StoreAlarms() {
          @Override
          public void diskLow(boolean low, long freeBytes) {
            told.add(low);
          }
        };
    EmbeddedRedis server =
        TestRedis.await(
            EmbeddedRedis.start(
                vertx,
                folder,
                new FrontdeskConfig.Embedded(null, "64mb", "always", "900000gb"),
                alarms));

    assertThat(server.isDiskLow()).isTrue();
    assertThat(told).containsExactly(true);
    TestRedis.await(server.close());
  }

  @Test
  void r16_wrongPassword_failsOnce_withItsReason() {
    EmbeddedRedis server = start(TestRedis.CONFIG);
    RedisConnection admin = TestRedis.connect(vertx, server.address());
    TestRedis.await(admin.ask(0, redis -> redis.configSet("requirepass", "right")));
    CuttingProxy proxy =
        TestRedis.await(
            CuttingProxy.open(
                vertx,
                io.vertx.core.net.SocketAddress.domainSocketAddress(
                    folder.resolve("redis/run/redis.sock").toString())));
    RedisAddress wrong = RedisAddress.of("redis://:wrong@127.0.0.1:" + proxy.port());

    assertThatThrownBy(
            () ->
                TestRedis.await(
                    RedisConnection.open(vertx, wrong, TestRedis.TIMEOUT, 100, nanos -> {})))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("WRONGPASS")
        .hasMessageNotContaining("wrong@");

    // nobody goes on trying behind our back
    int attempts = proxy.accepted();
    Awaitility.await().during(Duration.ofMillis(600)).until(() -> proxy.accepted() == attempts);
    assertThat(attempts).isEqualTo(1);
    TestRedis.await(admin.ask(0, redis -> redis.configSet("requirepass", "")));
    TestRedis.await(admin.close());
    TestRedis.await(proxy.close());
    TestRedis.await(server.close());
  }

  @Test
  void url_ofAnotherKind_isRefusedByName() {
    for (String url : List.of("redis-cluster://h", "redis-sentinel://h", "localhost:6379", "")) {
      assertThatThrownBy(() -> RedisAddress.of(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("redis.url");
    }
    assertThat(RedisAddress.of("redis://:secret@h:1").toString()).isEqualTo("redis://h:1");
    assertThat(RedisAddress.of("rediss://u:secret@h:1/2").toString()).isEqualTo("rediss://h:1");
    assertThat(RedisAddress.of("redis-sentinel://secret@a,b:7#m").toString())
        .isEqualTo("redis-sentinel://a:26379,b:7#m");
    assertThat(
            RedisAddress.of(RedisUrl.of(List.of("redis://:x@a:1", "redis://:x@b")), null)
                .toString())
        .isEqualTo("cluster at redis://a:1,b:6379");
  }
}
