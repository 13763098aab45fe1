// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows: agents who vanish, race, come late, lose an answer, use two devices. */
class AgentFaultsTest {

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

  private static String id(JsonNode change) {
    return change.path("conversation").path("id").asText();
  }

  private static JsonNode agent(Fleet fleet, String id) {
    for (JsonNode row : fleet.as("sue").get("/api/v1/agents").body().path("agents")) {
      if (row.path("id").asText().equals(id)) {
        return row;
      }
    }
    throw new AssertionError(id);
  }

  @Test
  void offersOfAnAgentWhoSaysNothing_expire_clocksAndPlacesIntact() {
    Fleet fleet = fleet(new DeskYaml().capacity(5).routing("{ offerTimeout: 2s }"));
    for (int n = 0; n < 5; n++) {
      fleet.send(0, fleet.text("a01-" + n, "a01-" + n, "hello"));
    }
    fleet.available("alice");
    List<JsonNode> offered = fleet.offers("alice", 5);
    fleet.send(0, fleet.text("a01-late", "a01-late", "hello"));

    Awaitility.await("all five wait again")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> fleet.conversations(c -> c.path("state").asText().equals("waiting")).size(),
            waiting -> waiting >= 5);
    fleet.as("alice").put("/api/v1/agent/presence", Map.of("presence", "offline"));
    assertThat(agent(fleet, "alice").path("load").asInt()).isZero();
    fleet.available("bob");
    List<JsonNode> again = fleet.offers("bob", 5);

    assertThat(again.stream().map(AgentFaultsTest::id))
        .as("the oldest deadlines first, not the newcomer")
        .containsExactlyInAnyOrderElementsOf(offered.stream().map(AgentFaultsTest::id).toList());
    Map<String, String> dues =
        offered.stream()
            .collect(java.util.stream.Collectors.toMap(AgentFaultsTest::id, AgentFaultsTest::due));
    assertThat(again).allMatch(change -> due(change).equals(dues.get(id(change))));
  }

  private static String due(JsonNode change) {
    return change.path("conversation").path("clocks").path("firstResponse").path("dueAt").asText();
  }

  private Fleet hundredAgents(List<String> agents) {
    DeskYaml yaml = new DeskYaml().routing("{ offerTimeout: 5m }");
    agents.add("alice");
    for (int n = 1; n < 100; n++) {
      yaml.agent("agent" + n);
      agents.add("agent" + n);
    }
    Fleet fleet = new Fleet(folder, 2, yaml);
    opened = fleet;
    return fleet;
  }

  @Test
  void a02_hundredAgentsAcceptOneOffer_oneGetsIt() {
    long seed = 20261123;
    List<String> agents = new ArrayList<>();
    Fleet fleet = hundredAgents(agents);
    fleet.send(0, fleet.text("a02", "a02-1", "hello"));
    fleet.available("alice");
    JsonNode offer = fleet.offers("alice", 1).get(0);
    String path = "/api/v1/conversations/" + id(offer) + "/accept";
    String body = "{\"offer\":\"" + offer.path("offer").path("id").asText() + "\"}";
    Collections.shuffle(agents, new Random(seed));
    List<Future<Fleet.Reply>> accepts = new ArrayList<>();
    for (int n = 0; n < agents.size(); n++) {
      accepts.add(fleet.call(n, agents.get(n), HttpMethod.POST, path, body, null));
    }

    List<Integer> statuses =
        TestGateway.await(Future.all(accepts)).<Fleet.Reply>list().stream()
            .map(Fleet.Reply::status)
            .toList();
    assertThat(statuses).as("seed %d", seed).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).as("seed %d", seed).filteredOn(status -> status == 409).hasSize(99);
    JsonNode owner = fleet.conversationOf("a02").path("owner");
    assertThat(owner.path("id").asText()).isEqualTo("alice");
    assertThat(TestGateway.await(fleet.call("alice", HttpMethod.POST, path, body)).status())
        .as("its winner repeats")
        .isEqualTo(200);
  }

  /** Nobody is favoured here: whose commit is first has it. */
  @Test
  void a02_hundredAgentsTakeOneConversation_onTwoNodes_oneGetsIt() {
    long seed = 20261124;
    Random random = new Random(seed);
    List<String> agents = new ArrayList<>();
    Fleet fleet = hundredAgents(agents);
    for (String agent : agents) {
      // who is busy is offered nothing and may take
      fleet.as(agent).put("/api/v1/agent/presence", Map.of("presence", "busy"));
    }
    Set<String> winners = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      String contact = "a02-" + round;
      fleet.send(round, fleet.text(contact, contact, "hello"));
      Collections.shuffle(agents, random);
      List<Future<Fleet.Reply>> takes = new ArrayList<>();
      for (int n = 0; n < agents.size(); n++) {
        String key = round + "-" + n;
        takes.add(fleet.call(n, agents.get(n), HttpMethod.POST, "/api/v1/queue/take", "", key));
      }

      List<Fleet.Reply> replies = TestGateway.await(Future.all(takes)).list();
      List<String> got = new ArrayList<>();
      for (int n = 0; n < replies.size(); n++) {
        int status = replies.get(n).status();
        assertThat(status).as("seed %d round %d", seed, round).isIn(200, 204, 409);
        if (status == 200) {
          got.add(agents.get(n));
        }
      }
      JsonNode taken = fleet.conversationOf(contact);
      assertThat(got).as("seed %d round %d", seed, round).hasSize(1);
      assertThat(taken.path("owner").path("id").asText()).isEqualTo(got.get(0));
      winners.addAll(got);
    }
    assertThat(winners).as("seed %d: different ones win", seed).hasSizeGreaterThan(1);
  }

  @Test
  void a03_acceptAfterTheOfferExpired_is410_andOwnsNothing() {
    Fleet fleet = fleet(new DeskYaml().routing("{ offerTimeout: 1s }"));
    fleet.send(0, fleet.text("a03", "a03-1", "hello"));
    fleet.available("alice");
    JsonNode offer = fleet.offers("alice", 1).get(0);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> fleet.conversationOf("a03").path("state").asText().equals("waiting"));

    ApiClient.Answer late =
        fleet
            .as("alice")
            .post(
                "/api/v1/conversations/" + id(offer) + "/accept",
                Map.of("offer", offer.path("offer").path("id").asText()));

    assertThat(late.status()).isEqualTo(410);
    assertThat(late.body().path("type").asText()).isEqualTo("urn:frontdesk:problem:expired");
    assertThat(fleet.conversationOf("a03").path("owner").isNull()).isTrue();
  }

  @Test
  void a04_pollWhoseAnswerIsLost_isAnsweredTheSameAgain() throws IOException {
    Fleet fleet = fleet(new DeskYaml());
    fleet.available("alice");
    String cursor = fleet.snapshot("alice").path("cursor").asText();
    try (Socket poll =
        new Socket(java.net.InetAddress.getLoopbackAddress(), fleet.node(0).url().getPort())) {
      String request =
          "GET /api/v1/agent/conversations?wait=25&cursor="
              + cursor
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + TestGateway.token("alice")
              + "\r\n\r\n";
      poll.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      fleet.send(0, fleet.text("a04", "a04-1", "hello"));
      Awaitility.await("the answer is on its way")
          .atMost(Duration.ofSeconds(10))
          .until(() -> poll.getInputStream().available() > 0);
      poll.setSoLinger(true, 0);
    }
    String again = "/api/v1/agent/conversations?wait=0&cursor=" + cursor;

    List<String> first = changes(fleet.as("alice").get(again).body());
    List<String> second = changes(fleet.as("alice").get(again).body());

    String conversation = fleet.conversationOf("a04").path("id").asText();
    assertThat(first).contains("offered " + conversation).doesNotHaveDuplicates();
    assertThat(second).isEqualTo(first);
  }

  private static List<String> changes(JsonNode page) {
    List<String> changes = new ArrayList<>();
    page.path("changes").forEach(c -> changes.add(c.path("type").asText() + " " + id(c)));
    return changes;
  }

  @Test
  void a12_agentOnTwoDevices_hasOneCapacity() {
    Fleet fleet = fleet(new DeskYaml());
    fleet.available("alice");
    fleet.available("alice");
    for (int n = 0; n < 10; n++) {
      fleet.send(0, fleet.text("a12-" + n, "a12-" + n, "hello"));
    }
    List<JsonNode> phone = fleet.offers("alice", 4);
    List<JsonNode> desk = fleet.offers("alice", 4);
    List<Future<Fleet.Reply>> accepts =
        Stream.concat(phone.stream(), desk.stream())
            .map(
                offer ->
                    fleet.call(
                        "alice",
                        HttpMethod.POST,
                        "/api/v1/conversations/" + id(offer) + "/accept",
                        "{\"offer\":\"" + offer.path("offer").path("id").asText() + "\"}"))
            .toList();

    assertThat(TestGateway.await(Future.all(accepts)).<Fleet.Reply>list())
        .hasSize(8)
        .allMatch(reply -> reply.status() == 200);
    assertThat(agent(fleet, "alice").path("load").asInt()).isEqualTo(4);
    assertThat(fleet.conversations(c -> c.path("state").asText().equals("waiting"))).hasSize(6);
    assertThat(fleet.conversations(c -> c.path("state").asText().equals("assigned"))).hasSize(4);
  }
}
