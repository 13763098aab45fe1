// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  private static final ConnectorCatalog CATALOG = ConnectorCatalog.ofClassPath();
  private static final LoadedConfig DEMO =
      new ConfigLoader(Map.of(), CATALOG, new Conditions())
          .load(Path.of("..", "config", "demo.yaml"));

  private static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static boolean isOver() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(
            thread ->
                thread.getThreadGroup() != null
                    && thread.getThreadGroup().getName().equals(Silence.GROUP));
  }

  @Test
  void lines_areOfConnectorsThatThereAre() {
    Set<String> played = new HashSet<>();
    new Lines().all().forEach(line -> played.add(line.connector()));

    assertThat(CATALOG.names()).containsAll(played);
  }

  @Test
  void play_reachesEveryPart_andLeavesNoThread() throws Exception {
    Rehearsal rehearsal = new Rehearsal(DEMO, CATALOG, Duration.ofSeconds(30));

    Played played = done(rehearsal.played());

    assertThat(played.rounds()).isEqualTo(Acts.ROUNDS);
    assertThat(played.answers().keySet())
        .as("accepted, nothing there, unsigned: %s", played)
        .contains(200, 401, 404)
        .isSubsetOf(200, 201, 204, 401, 403, 404, 409);
    assertThat(played.answers().get(200)).isGreaterThan(played.answers().get(401) * 5);
    assertThat(played.replies()).as("replies at the stand-ins: %s", played).isPositive();
    await().atMost(Duration.ofSeconds(10)).until(RehearsalTest::isOver);
  }

  @Test
  void play_whenTimeIsOver_ends() throws Exception {
    Rehearsal rehearsal = new Rehearsal(DEMO, CATALOG, Duration.ofMillis(1));

    assertThat(done(rehearsal.played()).rounds()).isLessThan(Acts.ROUNDS);

    await().atMost(Duration.ofSeconds(10)).until(RehearsalTest::isOver);
  }

  @Test
  void play_withOneChannelAndNoBot_isPlayedToo() throws Exception {
    LoadedConfig minimal =
        new ConfigLoader(
                Map.of(
                    "HOOK_SECRET",
                    "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                    "ALICE_TOKEN",
                    "token-of-alice-0123456789"),
                CATALOG,
                new Conditions())
            .load(Path.of("..", "config", "minimal.yaml"));

    Played played = done(new Rehearsal(minimal, CATALOG, Duration.ofSeconds(30)).played());

    assertThat(played.rounds()).isEqualTo(Acts.ROUNDS);
  }
}
