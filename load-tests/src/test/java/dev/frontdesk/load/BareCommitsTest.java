// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.redis.CommitWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareCommitsTest {

  private static final int MESSAGES = 2_000;
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

  @TempDir Path folder;

  /** Each commit's guards hold, so what is stored is what a gateway would have stored. */
  @Test
  void commits_takeEffect_eachOnce() {
    try (RedisProcess redis = RedisProcess.start(folder, "--appendfsync", "no")) {
      List<CompletableFuture<?>> sent = new ArrayList<>();
      RedisProcess.connected(
          redis.url(),
          connection -> {
            BareCommits commits = new BareCommits(connection, 100);
            for (int i = 0; i < MESSAGES; i++) {
              sent.add(commits.next().toCompletableFuture());
            }
            return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
          });

      long stored =
          RedisProcess.ask(
              redis.url(),
              commands -> commands.keys("{bare}:m:*").stream().mapToLong(commands::llen).sum());
      long versions =
          RedisProcess.ask(
              redis.url(),
              commands ->
                  commands.keys("{bare}:c:*").stream()
                      .mapToLong(key -> Long.parseLong(commands.hget(key, "v")))
                      .sum());
      long opened = redis.count("bare", "ix");

      assertThat(stored).isEqualTo(MESSAGES);
      assertThat(versions).isEqualTo(MESSAGES);
      assertThat(opened).isBetween(MESSAGES / 4L, MESSAGES / 2L);
    }
  }

  @Test
  void template_withItsOwnIds_isWhatTheProductSends_andWithOthersHasTheirs() {
    OfflineIntake intake = new OfflineIntake("bare", START, 1);
    Conversation.Id conversation = intake.store("n000000001", "m000000001", "hello");
    Commit commit = intake.commit();
    int buckets = intake.workspace().config().conversations().dedupeBuckets();
    CommitTemplate.Ids own =
        CommitTemplate.Ids.of(
            "bare", conversation.value(), "n000000001", "m000000001", intake.now(), buckets);
    CommitTemplate.Ids other =
        new CommitTemplate.Ids(
            "C".repeat(conversation.value().length()),
            "n999999999",
            "D".repeat(16),
            "m999999999",
            "E".repeat(16),
            own.hashes().stream().map(hash -> "F".repeat(hash.length())).toList(),
            "9".repeat(13));
    CommitTemplate template = CommitTemplate.of(new CommitWire(), commit, "1-bare", own);
    ByteBuf sent = Unpooled.buffer();
    new CommitWire().encode(commit, "1-bare", sent);
    String asSent = sent.toString(StandardCharsets.ISO_8859_1);

    String same = encoded(template, own);
    String changed = encoded(template, other);

    assertThat(same).isEqualTo(asSent);
    assertThat(changed).hasSameSizeAs(asSent).contains("c:" + other.conversation());
    assertThat(changed)
        .doesNotContain(conversation.value(), own.contactDigest(), own.messageDigest())
        .doesNotContain("n000000001", "m000000001", own.hashes().get(0));
    assertThat(template.count())
        .isEqualTo((int) asSent.lines().filter(BareCommitsTest::isHead).count());
  }

  private static boolean isHead(String line) {
    return line.matches("\\$\\d+");
  }

  private static String encoded(CommitTemplate template, CommitTemplate.Ids ids) {
    ByteBuf out = Unpooled.buffer();
    template.encode(ids, out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void jvmOptions_areThoseOfTheScript_withoutItsArchive() {
    List<String> options =
        BareServer.jvmOptions(
            List.of(
                "java", "-XX:SharedArchiveFile=/x.jsa", "-XX:+UseG1GC", "-jar", "g.jar", "run"));

    assertThat(options).containsExactly("-XX:+UseG1GC");
    assertThatThrownBy(() -> BareServer.jvmOptions(List.of("java", "Main")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
