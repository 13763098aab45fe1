// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.fault.OwnRedis;
import dev.frontdesk.gateway.store.RedisKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /api/v1/events} over real sockets and a real Redis. */
class LiveEventsTest {

  private static void settle(Runnable assertion) {
    Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion::run);
  }

  private static void resolve(TestGateway gateway) {
    var all = gateway.as("sue").get("/api/v1/conversations?state=waiting").body();
    String id = all.at("/conversations/0/id").asText();
    gateway.as("alice").put("/api/v1/agent/presence", Map.of("presence", "busy"));
    assertThat(
            gateway
                .as("sue")
                .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"))
                .status())
        .isEqualTo(200);
    assertThat(
            gateway.as("alice").post("/api/v1/conversations/" + id + "/resolve", Map.of()).status())
        .isEqualTo(200);
  }

  private static boolean isKept(TestGateway gateway) {
    return TestGateway.await(gateway.gateway().store().streamLast(new RedisKeys("acme").events()))
        != null;
  }

  @Test
  void events_andFigures_areTold_andMessagesAreNot(@TempDir Path folder) {
    try (TestGateway gateway = new TestGateway(folder)) {
      assertThat(gateway.message("u0", "m0", "unheard")).isEqualTo(200);
      assertThat(isKept(gateway)).as("nobody listens: no row").isFalse();

      try (LiveView view = new LiveView(gateway.url(), "sue", "")) {
        settle(() -> assertThat(view.figures()).isNotEmpty());
        assertThat(view.figures().get(0).data().at("/queue/total/waiting").asInt()).isEqualTo(1);
        assertThat(view.figures().get(0).data().at("/agents/0/id").asText()).isEqualTo("alice");
        gateway.message("u1", "m1", "urgent: help");
        gateway.message("u1", "m2", "more");
        resolve(gateway);

        settle(
            () ->
                assertThat(view.types())
                    .containsExactly(
                        "conversation.opened", "conversation.assigned", "conversation.resolved"));
        LiveView.Seen opened = view.events().get(0);
        assertThat(opened.data().at("/data/promise").asText()).isEqualTo("urgent");
        assertThat(opened.id()).isNotEqualTo(view.events().get(1).id());
      }
      assertThat(gateway.as("alice").get("/api/v1/events").status()).isEqualTo(403);
    }
  }

  /** From another node, after a break, with what happened meanwhile; a foreign place is 410. */
  @Test
  void view_thatComesBack_continuesWithoutAGap_onAnyNode(@TempDir Path folder) {
    try (OwnRedis redis = new OwnRedis(folder);
        TestGateway one = new TestGateway(folder.resolve("a"), redis.url(), "");
        TestGateway two = new TestGateway(folder.resolve("b"), redis.url(), "")) {
      String place;
      try (LiveView view = new LiveView(one.url(), "sue", "")) {
        two.message("u1", "m1", "hello");
        settle(() -> assertThat(view.types()).containsExactly("conversation.opened"));
        place = view.lastId();
      }
      for (int n = 2; n < 6; n++) {
        one.message("u" + n, "m" + n, "meanwhile");
      }

      try (LiveView back = new LiveView(two.url(), "sue", place)) {
        settle(() -> assertThat(back.events()).hasSize(4));
        one.message("u9", "m9", "and then");
        settle(() -> assertThat(back.events()).hasSize(5));
      }
      String past = place.substring(0, 17) + "1-0";
      String ahead = place.substring(0, 17) + "99999999999999-0";
      String other = "0123456789abcdef" + place.substring(16);
      for (String gone : List.of(past, ahead, other)) {
        assertThat(one.as("sue").get("/api/v1/events?after=" + gone).status())
            .as(gone)
            .isEqualTo(410);
      }
      assertThat(one.as("sue").get("/api/v1/events?after=x").status()).isEqualTo(400);
    }
  }

  @Test
  void view_endsWithinASecond_whenItsAgentIsDisabled(@TempDir Path folder) throws Exception {
    try (TestGateway gateway = new TestGateway(folder);
        LiveView view = new LiveView(gateway.url(), "sue", "")) {
      settle(() -> assertThat(view.figures()).isNotEmpty());

      assertThat(gateway.as("olga").post("/api/v1/agents/sue/disable", Map.of()).status())
          .isEqualTo(200);

      view.over().get(1, TimeUnit.SECONDS);
      assertThat(gateway.as("sue").get("/api/v1/events").status()).isEqualTo(403);
    }
  }

  @Test
  void views_countAsWaitingClients_untilTheyLeave(@TempDir Path folder) {
    String yaml =
        TestGateway.yaml(folder, "", "")
            .replace("managementPort: 0", "managementPort: 0, limits: { waitingClients: 1 }");
    try (TestGateway gateway = new TestGateway(yaml)) {
      LiveView view = new LiveView(gateway.url(), "sue", "");
      assertThat(view.status()).isEqualTo(200);
      assertThat(gateway.as("sue").get("/api/v1/events").status()).isEqualTo(503);

      view.close();

      settle(
          () -> {
            try (LiveView next = new LiveView(gateway.url(), "sue", "")) {
              assertThat(next.status()).isEqualTo(200);
            }
          });
    }
  }
}
