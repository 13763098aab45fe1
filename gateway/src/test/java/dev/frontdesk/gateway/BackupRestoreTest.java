// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.gateway.backup.BackupFile;
import dev.frontdesk.gateway.backup.BackupLabel;
import dev.frontdesk.gateway.cli.AdoptCommand;
import dev.frontdesk.gateway.cli.BackupCommand;
import dev.frontdesk.gateway.cli.FrontdeskCommand;
import dev.frontdesk.gateway.cli.RestoreCommand;
import dev.frontdesk.gateway.fault.OwnRedis;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.redis.EmbeddedFiles;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows P-09 and R-14: the commands of operators, a real embedded Redis, a platform that counts. */
class BackupRestoreTest {

  private static final String BOT_TOKEN = "123:abc";
  private static final ConnectorCatalog CATALOG = ConnectorCatalog.ofClassPath();
  private static final ConfigLoader LOADER = new ConfigLoader(Map.of(), CATALOG, new Conditions());

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final FakePlatform platform =
      TestGateway.await(
          FakePlatform.start(vertx, Clock.systemUTC(), List.of(new TelegramApi(BOT_TOKEN))));
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringWriter said = new StringWriter();

  @AfterEach
  void close() {
    TestGateway.await(platform.close());
    TestGateway.await(vertx.close());
  }

  private String yaml(String dataDir) {
    return yaml(dataDir, "");
  }

  private String yaml(String dataDir, String redisUrl) {
    return yaml(dataDir, redisUrl, Duration.ofMillis(400));
  }

  /** A refused reply is sent again after {@code pause}, or half of it. */
  private String yaml(String dataDir, String redisUrl, Duration pause) {
    return TestGateway.yaml(
            folder.resolve(dataDir),
            redisUrl,
            String.format(
                Locale.ROOT,
                "    outbox: { sendTimeout: 3s, firstRetry: %1$dms, maxRetry: %1$dms,"
                    + " maxAttempts: 100 }",
                pause.toMillis()))
        .replace("normal: { firstResponse: 4h }", "normal: { firstResponse: 3s }")
        .replace(
            "    channels:\n",
            String.format(
                Locale.ROOT,
                "    channels:\n      telegram: { connector: telegram, settings:"
                    + " { botToken: '%s', secretToken: s3cret, apiBaseUrl: '%s' } }\n",
                BOT_TOKEN,
                platform.url("telegram")));
  }

  /** Runs a command on the embedded store of a folder; its exit code. */
  private int run(String dataDir, String... words) {
    return commanded(dataDir, "", words);
  }

  /** Runs a command as from a terminal; its exit code. What it says is in {@link #said}. */
  private int commanded(String dataDir, String redisUrl, String... words) {
    said.getBuffer().setLength(0);
    Path file = folder.resolve(dataDir + ".yaml");
    try {
      Files.writeString(file, yaml(dataDir, redisUrl));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PrintWriter out = new PrintWriter(said, true);
    StoreCommands commands = new StoreCommands(LOADER, CATALOG, InstantSource.system());
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = file.toString();
    return FrontdeskCommand.line(
            out,
            out,
            LOADER,
            config -> 0,
            List.of(
                new AdoptCommand(commands::adopt, out),
                new BackupCommand(commands::backup, out),
                new RestoreCommand(commands::restore, out)))
        .execute(all);
  }

  /** An agent's answer to a customer who writes by Telegram. */
  private String answered(TestGateway gateway, String contact, String text) {
    InboundSample hello =
        new TelegramCustomer("s3cret")
            .message(contact, "Ann", "hello", contact + text.length(), Clock.systemUTC().instant());
    assertThat(post(gateway, hello)).isEqualTo(200);
    JsonNode conversation = conversationOf(gateway, contact);
    String path = "/api/v1/conversations/" + conversation.path("id").asText();
    JsonNode assigned = conversation;
    if (!conversation.path("state").asText().equals("assigned")) {
      assertThat(
              gateway
                  .as("alice")
                  .put("/api/v1/agent/presence", Map.of("presence", "available"))
                  .status())
          .isEqualTo(200);
      assigned = gateway.as("sue").post(path + "/assign", Map.of("agent", "alice")).body();
    }
    assertThat(
            gateway
                .as("alice")
                .post(
                    path + "/messages",
                    Map.of("text", text, "epoch", assigned.path("epoch").asLong()),
                    text.replace(" ", "-"))
                .status())
        .isEqualTo(201);
    return conversation.path("id").asText();
  }

  private int post(TestGateway gateway, InboundSample sample) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(gateway.url() + "/webhooks/acme/telegram" + sample.path()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    sample.headers().forEach(request::header);
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode conversationOf(TestGateway gateway, String contact) {
    JsonNode found = gateway.as("sue").get("/api/v1/conversations?limit=200").body();
    for (JsonNode one : found.path("conversations")) {
      if (one.path("contact").path("externalId").asText().equals(contact)) {
        return one;
      }
    }
    throw new AssertionError(contact + " has no conversation in " + found);
  }

  private static String delivery(TestGateway gateway, String conversation, int seq) {
    return gateway
        .as("sue")
        .get("/api/v1/conversations/" + conversation + "/messages")
        .body()
        .path("messages")
        .path(seq - 1)
        .path("delivery")
        .asText();
  }

  private List<String> texts() {
    return platform.sent("telegram").stream().map(sent -> sent.text()).toList();
  }

  private static void until(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(Duration.ofSeconds(20)).until(condition);
  }

  /** A backup in whose outbox a reply waits and another is on its way; both are sent afterwards. */
  private Path backup() {
    Path file = folder.resolve("safe/backup.zip");
    // so long that the backup never catches the third reply in the middle of another attempt
    Duration pause = Duration.ofSeconds(10);
    try (TestGateway gateway = new TestGateway(yaml("first", "", pause))) {
      assertThat(gateway.message("waits", "m-1", "nobody answers me")).isEqualTo(200);
      answered(gateway, "10", "sent before");
      until("the first is sent", () -> texts().equals(List.of("sent before")));
      platform.inject("telegram", Fault.TAKEN_THEN_SILENCE, 1);
      answered(gateway, "20", "on its way");
      until("the second is taken", () -> texts().size() == 2);
      platform.inject("telegram", Fault.SERVER_ERROR, 1_000);
      final String waiting = answered(gateway, "30", "waits for its turn");
      until("the third was refused", () -> platform.callCount("telegram") > 2);
      until("it waits", () -> delivery(gateway, waiting, 2).equals("pending"));

      assertThat(run("first", "backup", "--to", file.toString())).as(said.toString()).isZero();

      platform.heal("telegram");
      until("the third is sent", () -> delivery(gateway, waiting, 2).equals("accepted"));
      assertThat(gateway.message("late", "m-2", "after the backup")).isEqualTo(200);
    }
    return file;
  }

  /** Redis writes each snapshot to one name: each of several backups at once has to be whole. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backups_atOnceToDifferentNames_areAllWhole(boolean running) throws Exception {
    Path file = folder.resolve("first.yaml");
    Files.writeString(file, yaml("first"));
    TestGateway gateway = new TestGateway(yaml("first"));
    String id = answered(gateway, "7001", "kept");
    assertThat(id).isNotEmpty();
    if (!running) {
      gateway.close();
    }
    StoreCommands commands = new StoreCommands(LOADER, CATALOG, InstantSource.system());
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Path> names = List.of(path("a"), path("b"), path("c"), path("d"));
      List<Callable<List<String>>> backups =
          names.stream()
              .<Callable<List<String>>>map(name -> () -> commands.backup(file, name))
              .toList();
      for (Future<List<String>> one : pool.invokeAll(backups)) {
        assertThat(one.get()).hasSize(2);
      }
      for (Path name : names) {
        assertThat(BackupFile.checked(name).label().epochs()).containsKey("acme");
      }
      try (Stream<Path> left = Files.list(folder.resolve("first/redis"))) {
        assertThat(left).noneMatch(at -> at.toString().endsWith(".rdb"));
      }
    } finally {
      pool.shutdown();
      if (running) {
        gateway.close();
      }
    }
  }

  private Path path(String name) {
    return folder.resolve("several/" + name + ".zip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "."})
  void backup_toAFolder_isRefusedBeforeTheSnapshot(String name) {
    new TestGateway(yaml("first")).close();

    assertThat(run("first", "backup", "--to", name)).isEqualTo(1);
    assertThat(said.toString())
        .contains("--to is \"" + name + "\", expected the name of a file, not of a folder");
  }

  @Test
  void p09_restoredOnAnEmptyFolder_sendsNoOldReply_andFiresWhatIsOverdueOnce() throws IOException {
    Path file = backup();
    assertThat(said.toString()).contains("workspaces [acme]").contains("Redis ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    long calls = platform.callCount("telegram");
    assertThat(texts()).containsExactly("sent before", "on its way", "waits for its turn");

    assertThat(run("second", "restore", file.toString())).as(said.toString()).isZero();

    assertThat(said.toString())
        .contains("restored acme 2-")
        .contains("4 conversations, 2 messages held back as dead letters");
    try (TestGateway gateway = new TestGateway(yaml("second"))) {
      answered(gateway, "10", "a new answer");
      until("the outbox was gone through", () -> texts().contains("a new answer"));
      until("the breach", () -> breached(gateway) == 1);
      assertThat(platform.callCount("telegram")).as("sends of old replies").isEqualTo(calls + 1);
      for (String contact : List.of("20", "30")) {
        String id = conversationOf(gateway, contact).path("id").asText();
        assertThat(delivery(gateway, id, 2)).isEqualTo("unknown");
      }
      assertThat(gateway.as("sue").get("/api/v1/conversations").body().path("conversations"))
          .as("what came after the backup is not there")
          .hasSize(4);
      assertThat(gateway.message("waits", "m-1", "nobody answers me")).isEqualTo(200);
      assertThat(conversationOf(gateway, "waits").path("lastSeq").asInt())
          .as("known by its id")
          .isEqualTo(1);
      assertThat(breached(gateway)).isEqualTo(1);
      retried(gateway, calls + 1);
    }
    putInPlaceByHand_sendsAnOldReplyAgain(file);
  }

  private static int breached(TestGateway gateway) {
    return gateway
        .as("sue")
        .get("/api/v1/reports/first-response?by=promise")
        .body()
        .path("rows")
        .path(0)
        .path("breached")
        .asInt();
  }

  /** An operator reads the dead letters and has one of them sent. */
  private void retried(TestGateway gateway, long calls) {
    JsonNode letters = gateway.as("olga").get("/api/v1/dead-letters").body().path("deadLetters");
    assertThat(letters).hasSize(2);
    assertThat(letters.path(0).path("reason").asText()).contains("restored from a backup");
    String id = letters.path(0).path("id").asText();
    assertThat(gateway.as("olga").post("/api/v1/dead-letters/" + id + "/retry", Map.of()).status())
        .isEqualTo(202);
    until("it is sent", () -> platform.callCount("telegram") == calls + 1);
  }

  @Test
  void r14_olderCopyUnderARunningGateway_sendsNothing_untilAdopted_andThenNoOldReply() {
    try (OwnRedis redis = new OwnRedis(folder);
        TestGateway gateway = new TestGateway(yaml("shared", redis.url()))) {
      platform.inject("telegram", Fault.SERVER_ERROR, 1_000);
      final String waiting = answered(gateway, "30", "waits for its turn");
      until("it was refused", () -> platform.callCount("telegram") > 0);
      until("its mark", () -> Files.exists(folder.resolve("shared/seen")));

      // as if the server had gone and come back from a copy of two minutes ago
      String mark = "SET {acme}:hw " + (Clock.systemUTC().millis() - 120_000);
      assertThat(redis.ask(mark)).isEqualTo("+OK");
      assertThat(redis.ask("CLIENT KILL TYPE normal SKIPME yes")).startsWith(":");
      until("quarantine", () -> ready(gateway).contains("acme is in quarantine"));
      assertThat(gateway.message("new", "m-1", "hello")).isEqualTo(503);
      platform.heal("telegram");
      final long calls = platform.callCount("telegram");
      assertThat(commanded("shared", redis.url(), "adopt")).as(said.toString()).isZero();

      assertThat(said.toString()).contains("adopted acme 2-").contains("1 messages held back");
      until("it goes on", () -> gateway.message("new", "m-1", "hello") == 200);
      answered(gateway, "40", "a new answer");
      until("sent", () -> texts().contains("a new answer"));
      assertThat(platform.callCount("telegram")).as("sends of old replies").isEqualTo(calls + 1);
      assertThat(delivery(gateway, waiting, 2)).isEqualTo("unknown");
    }
  }

  private String ready(TestGateway gateway) {
    URI url = URI.create(gateway.gateway().managementUrl() + "/health/ready");
    try {
      return http.send(
              HttpRequest.newBuilder(url).GET().build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The control: the same files without the restore send an old reply again. */
  private void putInPlaceByHand_sendsAnOldReplyAgain(Path file) throws IOException {
    BackupFile backup = BackupFile.checked(file);
    long before = texts().stream().filter("waits for its turn"::equals).count();
    Path third = folder.resolve("third");
    EmbeddedFiles.plant(
        third,
        new FrontdeskConfig.Embedded(null, "256mb", "always", "1mb"),
        backup.label().redis(),
        third.resolve("aside"),
        backup::unpack);
    EmbeddedFiles.finished(third);

    try (TestGateway gateway = new TestGateway(yaml("third"))) {
      until(
          "the old reply comes again",
          () -> texts().stream().filter("waits for its turn"::equals).count() > before);
      assertThat(gateway.message("more", "m-9", "served")).isEqualTo(200);
    }
  }

  @Test
  void restore_whatCannotBe_isOneLine_andChangesNothing() throws IOException {
    Path file = folder.resolve("whole.zip");
    try (TestGateway gateway = new TestGateway(yaml("one"))) {
      assertThat(gateway.message("c", "m", "hello")).isEqualTo(200);
      assertThat(run("one", "backup", "--to", file.toString())).as(said.toString()).isZero();
      assertThat(run("one", "backup", "--to", file.toString())).isEqualTo(1);
      assertThat(said.toString()).contains("exists already and was left as it is").hasLineCount(1);
      assertThat(run("one", "restore", file.toString(), "--replace")).isEqualTo(1);
      assertThat(said.toString()).contains("in use by a gateway").hasLineCount(1);
    }
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(bytes, bytes.length * 2 / 3));
    bytes[bytes.length / 2] ^= 1;
    Path changed = Files.write(folder.resolve("changed.zip"), bytes);
    Path text = Files.writeString(folder.resolve("text.zip"), "hello");

    assertRefused("restore", folder.resolve("none.zip"), "is not there");
    assertRefused("restore", cut, "cannot be restored");
    assertRefused("restore", changed, "cannot be restored");
    assertRefused("restore", text, "cannot be restored");
    assertThat(folder.resolve("two")).doesNotExist();
    assertThat(run("one", "restore", file.toString())).isEqualTo(1);
    assertThat(said.toString()).contains("is not empty and was left as it is").hasLineCount(1);
    assertThat(run("one", "restore")).as("usage").isEqualTo(2);
    assertThat(run("two", "backup")).isEqualTo(1);
    assertThat(said.toString()).contains("nothing to back up").hasLineCount(1);

    assertThat(run("one", "restore", file.toString(), "--replace")).as(said.toString()).isZero();
    assertThat(said.toString()).contains("what was there is in ");
    String aside = said.toString().strip();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(
                    Path.of(aside.substring(aside.lastIndexOf(' ') + 1)))))
        .isEqualTo("rwx------");
    try (TestGateway gateway = new TestGateway(yaml("one"))) {
      assertThat(conversationOf(gateway, "c").path("lastSeq").asInt()).isEqualTo(1);
    }
    assertThat(run("one", "backup", "--to", folder.resolve("stopped.zip").toString()))
        .as("a stopped gateway's: " + said)
        .isZero();
  }

  @Test
  void restore_ofANewerRedis_isRefused_andLeavesTheFolderEmpty() throws IOException {
    Path snapshot = Files.writeString(folder.resolve("dump.rdb"), "REDIS0009");
    Path file = folder.resolve("newer.zip");
    BackupFile.write(
        file,
        new BackupLabel(
            Clock.systemUTC().instant(),
            "9.9.9",
            "99.1.2",
            Map.of("acme", "1-a"),
            Files.size(snapshot),
            BackupFile.digestOf(snapshot)),
        snapshot);

    assertRefused("restore", file, "the backup was written by Redis 99.1.2, ");

    assertThat(EmbeddedFiles.isEmpty(folder.resolve("two"))).isTrue();
    assertThat(EmbeddedFiles.isUnfinished(folder.resolve("two"))).isFalse();
  }

  @Test
  void restore_thatDidNotEnd_keepsGatewaysAway_untilItRanAgain() throws IOException {
    Path data = Files.createDirectories(folder.resolve("two"));
    Files.writeString(data.resolve("restoring"), "");

    assertThat(run("two", "backup")).isEqualTo(1);
    assertThat(said.toString()).contains("a restore that did not end").hasLineCount(1);
    assertThatThrownBy(() -> new TestGateway(yaml("two")))
        .hasMessageContaining("a restore that did not end");
  }

  private void assertRefused(String command, Path file, String words) {
    assertThat(run("two", command, file.toString())).isEqualTo(1);
    assertThat(said.toString()).contains(words).hasLineCount(1);
  }
}
