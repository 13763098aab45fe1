// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as platforms and agents see them; the store's own side is in its package. */
class RedisFaultsTest {

  @TempDir Path folder;
  private @Nullable Fleet opened;

  private Fleet fleet(DeskYaml yaml) {
    Fleet fleet = new Fleet(folder, 1, yaml);
    opened = fleet;
    return fleet;
  }

  @AfterEach
  void stop() {
    if (opened != null) {
      opened.close();
    }
  }

  private static void awaitAccepted(Load load, long afterNanos, long count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                load.calls().stream()
                        .filter(call -> call.sentNanos() - afterNanos > 0 && call.accepted())
                        .count()
                    >= count);
  }

  @Test
  void r01_killedRedis_isRefusedFast_andComesBackWithEverythingAccepted() {
    Fleet fleet = fleet(new DeskYaml());
    Load load = new Load(fleet, "r01", 16);
    awaitAccepted(load, System.nanoTime(), 200);
    fleet.redis().kill();
    long killed = System.nanoTime();
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> load.calls().stream().anyMatch(call -> refused(call, killed)));
    long down = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    Awaitility.await().until(() -> System.nanoTime() - down > 0);
    long restarting = System.nanoTime();
    fleet.redis().start();
    long serving = System.nanoTime();
    awaitAccepted(load, serving, 100);
    load.stop();

    List<Load.Call> meanwhile =
        load.calls().stream()
            .filter(c -> c.sentNanos() - killed > 0 && c.answeredNanos() - restarting < 0)
            .toList();
    assertThat(meanwhile).isNotEmpty().noneMatch(Load.Call::accepted);
    assertThat(meanwhile).allMatch(call -> call.status() == 503 && call.tookMillis() <= 2_000);
    long first =
        load.calls().stream()
            .filter(call -> refused(call, killed))
            .mapToLong(Load.Call::answeredNanos)
            .min()
            .orElseThrow();
    long back =
        load.calls().stream()
            .filter(call -> call.sentNanos() - restarting > 0 && call.accepted())
            .mapToLong(Load.Call::answeredNanos)
            .min()
            .orElseThrow();
    System.getLogger("R-01")
        .log(
            System.Logger.Level.INFO,
            "first 503 after {0} ms, first 200 {1} ms after Redis served, {2} calls",
            (first - killed) / 1_000_000,
            (back - serving) / 1_000_000,
            load.calls().size());
    assertThat(Duration.ofNanos(first - killed)).isLessThan(Duration.ofSeconds(2));
    assertThat(Duration.ofNanos(back - serving)).isLessThan(Duration.ofSeconds(5));
    assertThat(load.lost()).isEmpty();
    assertThat(load.stored()).doesNotHaveDuplicates();
  }

  private static boolean refused(Load.Call call, long after) {
    return call.sentNanos() - after > 0 && call.status() == 503;
  }

  @Test
  void r03_pausedRedis_isRefusedWithinTwoSeconds_andComesBack() {
    Fleet fleet = fleet(new DeskYaml());
    Load load = new Load(fleet, "r03", 16);
    awaitAccepted(load, System.nanoTime(), 100);
    long paused = System.nanoTime();
    assertThat(fleet.redis().ask("CLIENT PAUSE 5000")).isEqualTo("+OK");
    long resumes = paused + TimeUnit.SECONDS.toNanos(5);
    awaitAccepted(load, resumes, 100);
    load.stop();

    List<Load.Call> meanwhile =
        load.calls().stream()
            .filter(c -> c.sentNanos() - paused > 100_000_000 && c.answeredNanos() - resumes < 0)
            .toList();
    assertThat(meanwhile).isNotEmpty().allMatch(call -> call.status() == 503);
    long slowest = load.calls().stream().mapToLong(Load.Call::tookMillis).max().orElseThrow();
    System.getLogger("R-03")
        .log(System.Logger.Level.INFO, "{0} refused, slowest {1} ms", meanwhile.size(), slowest);
    assertThat(slowest).isLessThanOrEqualTo(2_000);
    assertThat(load.lost()).isEmpty();
    assertThat(load.stored()).doesNotHaveDuplicates();
  }

  @Test
  void r03_r05_ready_notWhileRedisIsSilentGoneOrFull_andAgainAfterwards() {
    Fleet fleet = fleet(new DeskYaml());
    assertThat(ready(fleet)).isEqualTo("200 ");

    fleet.redis().pause();
    awaitReady(fleet, "503 the store has not answered for ");
    fleet.redis().resume();
    awaitReady(fleet, "200 ");
    assertThat(fleet.redis().ask("CONFIG SET maxmemory 1")).isEqualTo("+OK");
    awaitReady(fleet, "503 the store is full");
    assertThat(fleet.redis().ask("CONFIG SET maxmemory 256mb")).isEqualTo("+OK");
    awaitReady(fleet, "200 ");
    fleet.redis().kill();
    awaitReady(fleet, "503 the store has not answered for ");
    fleet.redis().start();
    awaitReady(fleet, "200 ");
  }

  private static void awaitReady(Fleet fleet, String start) {
    Awaitility.await(start)
        .atMost(Duration.ofSeconds(10))
        .until(() -> ready(fleet), answer -> answer.startsWith(start));
  }

  /** The status of readiness and why not. */
  private static String ready(Fleet fleet) {
    URI url = URI.create(fleet.node(0).gateway().managementUrl() + "/health/ready");
    Fleet.Reply reply = TestGateway.await(fleet.get(url));
    return reply.status() + " " + reply.json().path("failing").path("store").asText();
  }

  @Test
  void r05_fullRedis_refusesIntake_andLetsAgentsAndTimersGoOn() {
    Fleet fleet = fleet(new DeskYaml().firstResponse("4s"));
    fleet.send(0, fleet.text("r05-a", "r05-1", "answer me"));
    fleet.send(0, fleet.text("r05-b", "r05-2", "nobody will"));
    fleet.available("alice");
    List<JsonNode> offers = fleet.offers("alice", 2);
    assertThat(fleet.redis().ask("CONFIG SET maxmemory 1")).isEqualTo("+OK");

    Fleet.Reply refused = fleet.send(0, fleet.text("r05-a", "r05-3", "more"));
    Fleet.Reply opening = fleet.send(0, fleet.text("r05-c", "r05-4", "new"));
    JsonNode answered = fleet.accept("alice", offers.get(0));
    int replied = fleet.reply("alice", answered, "here you are", "r05").status();
    int resolved =
        fleet
            .as("alice")
            .post(
                "/api/v1/conversations/" + answered.path("id").asText() + "/resolve",
                Map.of("code", "done"))
            .status();

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("store-full");
    assertThat(opening.status()).isEqualTo(503);
    assertThat(List.of(replied, resolved)).containsExactly(201, 200);
    String other = offers.get(1).path("conversation").path("id").asText();
    Awaitility.await("the breach of the other one")
        .atMost(Duration.ofSeconds(10))
        .until(() -> clock(fleet, other).equals("breached"));
    assertThat(fleet.redis().ask("CONFIG SET maxmemory 256mb")).isEqualTo("+OK");
    assertThat(fleet.send(0, fleet.text("r05-a", "r05-3", "more")).status()).isEqualTo(200);
  }

  private static String clock(Fleet fleet, String conversation) {
    return fleet
        .as("sue")
        .get("/api/v1/conversations/" + conversation)
        .body()
        .path("clocks")
        .path("firstResponse")
        .path("state")
        .asText();
  }

  @Test
  void r11_scriptsFlushedUnderLoad_areLoadedAgain_andNobodyNotices() {
    Fleet fleet = fleet(new DeskYaml());
    Load load = new Load(fleet, "r11", 16);
    for (int round = 0; round < 5; round++) {
      awaitAccepted(load, System.nanoTime(), 100);
      assertThat(fleet.redis().ask("SCRIPT FLUSH")).isEqualTo("+OK");
    }
    awaitAccepted(load, System.nanoTime(), 100);
    load.stop();

    assertThat(load.calls()).hasSizeGreaterThan(500).allMatch(call -> call.status() == 200);
    assertThat(load.lost()).isEmpty();
    assertThat(load.stored()).doesNotHaveDuplicates();
  }
}
