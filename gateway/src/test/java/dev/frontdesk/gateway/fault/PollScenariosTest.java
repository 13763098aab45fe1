// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's cursor through lost answers, dead gateways and a dead Redis: scenario 23. */
class PollScenariosTest {

  @TempDir Path folder;

  private static ApiClient.Answer poll(Fleet fleet, int node, String cursor) {
    return fleet.node(node).as("alice").get("/api/v1/agent/conversations?wait=0&cursor=" + cursor);
  }

  private static List<String> changes(ApiClient.Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    List<String> changes = new ArrayList<>();
    answer
        .body()
        .path("changes")
        .forEach(
            change ->
                changes.add(
                    String.join(
                        " ",
                        change.path("type").asText(),
                        change.path("conversation").path("id").asText(),
                        change.path("message").path("seq").asText("-"),
                        change.path("reason").asText("-"))));
    return changes;
  }

  private static String cursor(ApiClient.Answer answer) {
    return answer.body().path("cursor").asText();
  }

  /** Chatwoot #14934 loses what a colleague wrote in a gap of 26 s; a cursor has no such window. */
  @Test
  void scenario23_pollGap_sameCursorIsAnsweredTheSame_overGatewaysThatDieAndARedisThatRestarts() {
    DeskYaml yaml = new DeskYaml().capacity(50).routing("{ offerTimeout: 10m }");
    try (Fleet fleet = new Fleet(folder, 2, yaml)) {
      fleet.available("alice");
      String start = fleet.snapshot("alice").path("cursor").asText();
      for (int n = 0; n < 5; n++) {
        fleet.send(n, fleet.text("s23-" + n, "s23-" + n, "hello"));
      }
      JsonNode mine = fleet.accept("alice", fleet.offers("alice", 5).get(0));
      String contact = mine.path("contact").path("externalId").asText();
      fleet.send(1, fleet.text(contact, "s23-more", "are you there?"));

      ApiClient.Answer lost = poll(fleet, 0, start);
      List<String> expected = changes(lost);
      assertThat(expected).hasSize(7).doesNotHaveDuplicates();
      assertThat(changes(poll(fleet, 1, start))).as("another gateway").isEqualTo(expected);
      fleet.kill(0);
      assertThat(changes(poll(fleet, 0, start))).as("one gateway less").isEqualTo(expected);
      fleet.redis().kill();
      fleet.redis().start();
      fleet.add();
      for (int node = 0; node < 2; node++) {
        int survivor = node;
        Awaitility.await("the store is back")
            .atMost(Duration.ofSeconds(20))
            .until(() -> poll(fleet, survivor, start).status() == 200);
        assertThat(changes(poll(fleet, node, start))).as("Redis restarted").isEqualTo(expected);
      }

      assertThat(changes(poll(fleet, 0, cursor(lost)))).as("nothing since").isEmpty();
      fleet.send(0, fleet.text(contact, "s23-last", "hello?"));
      ApiClient.Answer later = poll(fleet, 1, cursor(lost));
      assertThat(changes(later)).containsExactly("message " + mine.path("id").asText() + " 3 -");
      List<String> whole = new ArrayList<>(expected);
      whole.addAll(changes(later));
      assertThat(changes(poll(fleet, 0, start))).as("no gap, the same order").isEqualTo(whole);
      assertThat(changes(poll(fleet, 1, cursor(later)))).isEmpty();
      olderThanRetention(fleet, List.of(start, cursor(lost)), mine.path("id").asText());
    }
  }

  /** After 5,000 rows more the place of a cursor is not kept: the agent begins with a snapshot. */
  private static void olderThanRetention(Fleet fleet, List<String> cursors, String mine) {
    String grown =
        fleet
            .redis()
            .ask(
                "EVAL \"local key = '{acme}:ai:alice'"
                    + " local row = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1][2]"
                    + " for i = 1, 5000 do"
                    + " redis.call('XADD', key, 'MAXLEN', 5000, '*', unpack(row)) end"
                    + " return redis.call('XLEN', key)\" 0");
    assertThat(grown).isEqualTo(":5000");

    for (String cursor : cursors) {
      ApiClient.Answer gone = poll(fleet, 1, cursor);
      assertThat(gone.status()).isEqualTo(410);
      assertThat(gone.body().path("type").asText())
          .isEqualTo("urn:frontdesk:problem:resync-required");
    }
    JsonNode snapshot = fleet.snapshot("alice");
    assertThat(snapshot.path("changes")).hasSize(5);
    assertThat(snapshot.path("changes").toString()).contains(mine);
    assertThat(changes(poll(fleet, 0, snapshot.path("cursor").asText()))).isEmpty();
  }
}
