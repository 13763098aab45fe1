// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.store.redis.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Row R-12. The disk is full for Redis alone: its process may write no file larger than a bound,
 * which fails the write as a full disk does (the signal is ignored), and {@code always} then ends
 * it.
 */
class DiskFaultsTest {

  private static final String TEXT = "x".repeat(4_000);

  @TempDir private Path folder;
  private final List<String> accepted = new ArrayList<>();
  private final List<String> tried = new ArrayList<>();

  /** A redis-server that obeys the number of blocks in the file {@code limit}. */
  private Path limited() throws IOException {
    Path script = folder.resolve("redis-server");
    Files.writeString(
        script,
        String.join(
            "\n",
            "#!/bin/sh",
            "trap '' XFSZ",
            "ulimit -f $(cat '" + folder.resolve("limit") + "')",
            "exec '" + TestRedis.binary(folder) + "' \"$@\"",
            ""));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private void limit(String blocks) throws IOException {
    Files.writeString(folder.resolve("limit"), blocks);
  }

  private int send(TestGateway gateway) {
    String id = "m" + tried.size();
    tried.add(id);
    int status = gateway.message("c1", id, id + " " + TEXT);
    if (status == 200) {
      accepted.add(id);
    }
    return status;
  }

  private long starts() throws IOException {
    try (var lines = Files.lines(folder.resolve("data/redis/redis.log"))) {
      return lines.filter(line -> line.contains("ready to accept connections at")).count();
    }
  }

  @Test
  void r12_fullDisk_endsRedis_intakeIsRefused_andComesBackWithSpace() throws IOException {
    limit("2000");
    String yaml =
        TestGateway.yaml(folder.resolve("data"), "", "")
            .replace(
                "redis: { url: \"\" }",
                "redis: { url: \"\", embedded: { binary: \"" + limited() + "\" } }");
    try (TestGateway gateway = new TestGateway(yaml)) {
      int status = 200;
      while (status == 200 && tried.size() < 5_000) {
        status = send(gateway);
      }
      assertThat(status).isEqualTo(503);
      Awaitility.await("it was started again and again")
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                long before = System.nanoTime();
                assertThat(send(gateway)).isEqualTo(503);
                assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(2));
                return starts() >= 4;
              });
      final long failing = starts();

      limit("unlimited");

      Awaitility.await("there is space")
          .atMost(Duration.ofSeconds(15))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> send(gateway) == 200);
      assertThat(starts()).isEqualTo(failing + 1);
      List<String> stored = stored(gateway);
      assertThat(stored).as("nothing twice").doesNotHaveDuplicates();
      assertThat(stored).as("nothing lost").containsAll(accepted);
      assertThat(accepted).as("the disk was not full from the start").hasSizeGreaterThan(50);
      assertThat(tried).as("nothing that nobody sent").containsAll(stored);
    }
  }

  /** The ids that begin the texts of the one conversation. */
  private static List<String> stored(TestGateway gateway) {
    String id =
        gateway
            .as("sue")
            .get("/api/v1/conversations")
            .body()
            .path("conversations")
            .path(0)
            .path("id")
            .asText();
    List<String> ids = new ArrayList<>();
    int read;
    do {
      read = ids.size();
      JsonNode page =
          gateway
              .as("sue")
              .get("/api/v1/conversations/" + id + "/messages?limit=200&after=" + read)
              .body();
      page.path("messages")
          .forEach(message -> ids.add(text(message).substring(0, text(message).indexOf(' '))));
    } while (ids.size() > read);
    return ids;
  }

  private static String text(JsonNode message) {
    return message.path("content").path("text").asText();
  }
}
