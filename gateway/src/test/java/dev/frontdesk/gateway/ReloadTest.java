// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.store.RedisKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace that a reload adds is served at once, one that it removes no longer. */
class ReloadTest {

  private static final RedisKeys BETA = new RedisKeys("beta");
  private static final String ADDED =
      String.format(
          Locale.ROOT,
          """
        beta:
          channels:
            hook: { connector: webhook, settings: { secret: %s, sendUrl: "http://127.0.0.1:9/" } }
          promises: { normal: { firstResponse: 4h } }
          defaults: { queue: support, promise: normal }
          queues: { support: {} }
          agents: { ben: { token: %s, queues: [support], capacity: 4 } }
      """,
          TestGateway.SECRET,
          TestGateway.token("ben"));

  private static final String POLL = "/api/v1/agent/conversations?wait=";

  @TempDir private Path folder;

  /** Scenario 17: what runs is computed once more, and its history says so. */
  @Test
  void scenario17_promiseChangedByAReload_movesTheClocksThatRun() {
    try (TestGateway gateway = new TestGateway(folder)) {
      String before = TestGateway.yaml(folder, "", "");
      gateway.message("u1", "m1", "hello");
      String id =
          gateway
              .as("sue")
              .get("/api/v1/conversations")
              .body()
              .path("conversations")
              .path(0)
              .path("id")
              .asText();
      String due = dueAt(gateway, id);

      gateway.reload(
          before.replace(
                  "normal: { firstResponse: 4h }",
                  "normal: { firstResponse: 3h, resolution: 3wd, calendar: office }")
              + """
                  calendars:
                    office: { zone: Asia/Shanghai, weekly: { mon-sun: ["00:00-24:00"] } }
              """);

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(Instant.parse(dueAt(gateway, id)))
                      .isEqualTo(Instant.parse(due).minus(Duration.ofHours(1))));
      assertThat(gateway.as("sue").get("/api/v1/conversations/" + id + "/events").body().toString())
          .contains("\"recomputed\"");
    }
  }

  private static String dueAt(TestGateway gateway, String id) {
    return gateway
        .as("sue")
        .get("/api/v1/conversations/" + id)
        .body()
        .path("clocks")
        .path("firstResponse")
        .path("dueAt")
        .asText();
  }

  private static String lease(TestGateway gateway) {
    return TestGateway.await(gateway.gateway().store().get(BETA.lease()));
  }

  @Test
  void token_thatAReloadReplaces_endsItsPoll_andNobodyElses() {
    try (TestGateway gateway = new TestGateway(folder)) {
      String before = TestGateway.yaml(folder, "", "");
      CompletableFuture<Integer> alice = poll(gateway, "alice");
      CompletableFuture<Integer> bob = poll(gateway, "bob");
      Awaitility.await().until(() -> openPolls(gateway) == 2);

      gateway.reload(before.replace(TestGateway.token("alice"), TestGateway.token("alicia")));

      Awaitility.await().atMost(Duration.ofSeconds(5)).until(alice::isDone);
      assertThat(alice.join()).isEqualTo(401);
      assertThat(bob.isDone()).isFalse();
      assertThat(gateway.as("alice").get(POLL + "0").status()).isEqualTo(401);
      assertThat(gateway.as("alicia").get(POLL + "0").status()).isEqualTo(200);
    }
  }

  /** Polls from the end of the inbox, 30 s long; the status it ends with. */
  private static CompletableFuture<Integer> poll(TestGateway gateway, String who) {
    String cursor = gateway.as(who).get(POLL + "0").body().path("cursor").asText();
    return CompletableFuture.supplyAsync(
        () -> gateway.as(who).get(POLL + "30&cursor=" + cursor).status());
  }

  private static int openPolls(TestGateway gateway) {
    return gateway.gateway().openPolls();
  }

  @Test
  void workspace_thatAReloadAdds_isWorkedOn_untilAReloadRemovesIt() {
    try (TestGateway gateway = new TestGateway(folder)) {
      String before = TestGateway.yaml(folder, "", "");

      gateway.reload(before + ADDED);

      Awaitility.await().until(() -> lease(gateway) != null);
      assertThat(gateway.as("ben").get("/api/v1/agent/conversations?wait=0").status())
          .isEqualTo(200);

      gateway.reload(before);

      Awaitility.await().until(() -> lease(gateway) == null);
      Awaitility.await().during(Duration.ofSeconds(3)).until(() -> lease(gateway) == null);
    }
  }
}
