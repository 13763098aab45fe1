// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's room when several gateways fill and empty it at once. */
class CapacityFaultsTest {

  @TempDir private Path folder;

  private static int load(Fleet fleet, String agent) {
    for (JsonNode row : fleet.as("sue").get("/api/v1/agents").body().path("agents")) {
      if (row.path("id").asText().equals(agent)) {
        return row.path("load").asInt();
      }
    }
    throw new AssertionError(agent);
  }

  private static List<Fleet.Reply> all(List<Future<Fleet.Reply>> calls) {
    return TestGateway.await(Future.all(calls)).list();
  }

  @Test
  void scenario13_thousandJobsOnThreeNodes_neverExceedTheCapacity() {
    try (Fleet fleet = new Fleet(folder, 3, new DeskYaml().capacity(7))) {
      for (int i = 0; i < 1_000; i += 100) {
        List<Future<Fleet.Reply>> posted = new ArrayList<>();
        for (int n = i; n < i + 100; n++) {
          posted.add(fleet.post(n, fleet.text("s13-" + n, "s13-" + n, "hello")));
        }
        assertThat(all(posted)).allMatch(reply -> reply.status() == 200);
      }
      fleet.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
      List<Future<Fleet.Reply>> takes = new ArrayList<>();
      for (int n = 0; n < 1_000; n++) {
        takes.add(fleet.call(n, "alice", HttpMethod.POST, "/api/v1/queue/take", "", "take" + n));
      }

      List<Fleet.Reply> taken = all(takes);

      // takes of one agent that race for one conversation all get that one
      assertThat(
              taken.stream()
                  .filter(reply -> reply.status() == 200)
                  .map(reply -> reply.json().path("id").asText())
                  .distinct())
          .hasSize(7);
      assertThat(load(fleet, "alice")).isEqualTo(7);
      assertThat(
              fleet
                  .as("sue")
                  .get("/api/v1/conversations?agent=alice&limit=200")
                  .body()
                  .path("conversations"))
          .hasSize(7);
    }
  }

  @Test
  void scenario13_slotIsGivenBackOnce_thoughResolveTransferAndReleaseCoincide() {
    try (Fleet fleet = new Fleet(folder, 3, new DeskYaml().capacity(2))) {
      fleet.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
      for (int round = 0; round < 20; round++) {
        fleet.send(round, fleet.text("s13b" + round, "s13b" + round, "hello"));
        JsonNode taken =
            TestGateway.await(
                    fleet.call(
                        round, "alice", HttpMethod.POST, "/api/v1/queue/take", "", "t" + round))
                .json();
        String path = "/api/v1/conversations/" + taken.path("id").asText();
        assertThat(load(fleet, "alice")).isEqualTo(1);

        List<Fleet.Reply> ends =
            all(
                List.of(
                    fleet.call(0, "alice", HttpMethod.POST, path + "/resolve", "{}", null),
                    fleet.call(
                        1,
                        "alice",
                        HttpMethod.POST,
                        path + "/transfer",
                        "{\"queue\":\"support\"}",
                        null),
                    fleet.call(2, "alice", HttpMethod.POST, path + "/release", "", null)));

        assertThat(ends).anyMatch(reply -> reply.status() == 200);
        assertThat(load(fleet, "alice")).as("round " + round).isZero();
        empty(fleet);
      }
    }
  }

  /** Whatever waits again is taken and resolved. */
  private static void empty(Fleet fleet) {
    for (JsonNode waiting : fleet.conversations(c -> c.path("state").asText().equals("waiting"))) {
      String path = "/api/v1/conversations/" + waiting.path("id").asText();
      fleet.as("sue").post(path + "/assign", Map.of("agent", "alice"));
      JsonNode owned = fleet.as("sue").get(path).body();
      Fleet.Reply resolved =
          TestGateway.await(
              fleet.call(
                  0,
                  "alice",
                  HttpMethod.POST,
                  path + "/resolve",
                  "{\"epoch\":" + owned.path("epoch").asInt() + "}",
                  null));
      assertThat(resolved.status()).as(resolved.body()).isEqualTo(200);
    }
  }
}
