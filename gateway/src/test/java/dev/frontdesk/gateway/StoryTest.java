// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /conversations/{id}/events} tells what happened to one conversation, and why. */
class StoryTest {

  private static final String MORE =
      """
          bots: { faq: { token: faq-token-0123456789abcdef, channels: [hook], replyTimeout: 1500ms } }
          routing: { offerTimeout: 2s }
          outbox: { maxAttempts: 1 }
      """;

  /** These come when they are due, whatever people do meanwhile. */
  private static final Set<String> CLOCK = Set.of("at-risk", "breached");

  private static String yaml(Path folder) {
    return TestGateway.yaml(folder, "", MORE)
        .replace("urgent: { firstResponse: 1h }", "urgent: { firstResponse: 9s, warnAt: 90% }")
        .replace("set: { promise: urgent }", "set: { promise: urgent, priority: 2 }");
  }

  private static List<JsonNode> story(ApiClient agent, String id) {
    List<JsonNode> lines = new ArrayList<>();
    agent.get("/api/v1/conversations/" + id + "/events").body().path("events").forEach(lines::add);
    return lines;
  }

  private static List<String> words(List<JsonNode> story) {
    return story.stream().map(line -> line.path("what").asText()).toList();
  }

  private static JsonNode line(List<JsonNode> story, String what) {
    return story.stream()
        .filter(line -> line.path("what").asText().equals(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError(what + " in " + words(story)))
        .path("details");
  }

  private static void until(ApiClient agent, String id, String what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(40))
        .untilAsserted(() -> assertThat(words(story(agent, id))).contains(what));
  }

  private static void done(ApiClient.Answer answer) {
    assertThat(answer.isOk()).as("%s %s", answer.status(), answer.body()).isTrue();
  }

  private static JsonNode conversation(ApiClient agent, String id) {
    return agent.get("/api/v1/conversations/" + id).body();
  }

  private static String offer(ApiClient agent) {
    JsonNode changes = agent.get("/api/v1/agent/conversations?wait=0").body().path("changes");
    return changes.at("/0/offer/id").asText();
  }

  @Test
  void story_ofAConversationThatMetEverything(@TempDir Path folder) {
    try (TestGateway gateway = new TestGateway(yaml(folder))) {
      ApiClient alice = gateway.as("alice");
      ApiClient sue = gateway.as("sue");
      assertThat(gateway.message("u1", "m1", "hello")).isEqualTo(200);
      assertThat(gateway.message("u1", "m2", "this is urgent")).isEqualTo(200);
      String id = sue.get("/api/v1/conversations").body().at("/conversations/0/id").asText();
      String path = "/api/v1/conversations/" + id;
      until(sue, id, "handed-off");

      done(alice.put("/api/v1/agent/presence", Map.of("presence", "available")));
      until(sue, id, "offered");
      done(alice.post(path + "/decline", Map.of("offer", offer(alice), "reason", "lunch")));
      done(gateway.as("bob").put("/api/v1/agent/presence", Map.of("presence", "available")));
      until(sue, id, "expired");
      done(gateway.as("bob").put("/api/v1/agent/presence", Map.of("presence", "away")));
      done(sue.post(path + "/assign", Map.of("agent", "alice")));
      done(alice.post(path + "/release", Map.of()));
      until(sue, id, "breached");
      done(sue.post(path + "/assign", Map.of("agent", "alice")));
      long epoch = conversation(sue, id).path("epoch").asLong();
      done(alice.post(path + "/messages", Map.of("text", "sorry", "epoch", epoch), "key-1"));
      until(sue, id, "delivery-failed");
      done(alice.post(path + "/resolve", Map.of("code", "done")));

      List<JsonNode> story = story(sue, id);
      assertThat(words(story)).containsSubsequence("clock-started", "at-risk", "breached");
      assertThat(words(story).stream().filter(word -> !CLOCK.contains(word)))
          .containsExactly(
              "opened",
              "triaged",
              "handed-off",
              "clock-started",
              "offered",
              "declined",
              "offered",
              "expired",
              "assigned",
              "released",
              "assigned",
              "answered-late",
              "delivery-failed",
              "resolved");
      tellsTriage(story);
      tellsDecisions(story);
      tellsTheClock(story);
      assertThat(story).extracting(line -> line.path("at").asText()).isSorted();
    }
  }

  private static void tellsTriage(List<JsonNode> story) {
    JsonNode opened = line(story, "opened");
    assertThat(opened.path("queue").asText()).isEqualTo("support");
    assertThat(opened.path("promise").asText()).isEqualTo("normal");
    assertThat(opened.path("owner").asText()).isEqualTo("bot:faq");
    assertThat(opened.path("epoch").asText()).isEqualTo("1");
    JsonNode triaged = line(story, "triaged");
    assertThat(triaged.path("promise").asText()).isEqualTo("urgent");
    assertThat(triaged.path("rules").asText()).isEqualTo("priority:triage[0] promise:triage[0]");
    assertThat(triaged.has("queue")).as("what stayed is not told").isFalse();
    JsonNode handedOff = line(story, "handed-off");
    assertThat(handedOff.path("reason").asText()).isEqualTo("bot-silent");
    assertThat(handedOff.path("owner").asText()).isEqualTo("nobody");
    assertThat(handedOff.path("epoch").asText()).isEqualTo("2");
  }

  private static void tellsDecisions(List<JsonNode> story) {
    JsonNode offered = line(story, "offered");
    assertThat(offered.path("agent").asText()).isEqualTo("alice");
    assertThat(offered.path("rule").asText()).isEqualTo("keep-promises/on-time");
    assertThat(Long.parseLong(offered.path("slackMs").asText())).isBetween(1L, 9_000L);
    assertThat(line(story, "declined").path("reason").asText()).isEqualTo("lunch");
    JsonNode assigned = line(story, "assigned");
    assertThat(assigned.path("owner").asText()).isEqualTo("agent:alice");
    assertThat(assigned.path("epoch").asText()).isEqualTo("3");
    assertThat(line(story, "released").path("epoch").asText()).isEqualTo("4");
    assertThat(line(story, "delivery-failed").path("reason").asText()).startsWith("not reached");
    assertThat(line(story, "resolved").path("code").asText()).isEqualTo("done");
  }

  private static void tellsTheClock(List<JsonNode> story) {
    JsonNode started = line(story, "clock-started");
    String due = started.path("dueAt").asText();
    assertThat(started.path("promise").asText()).isEqualTo("urgent");
    assertThat(line(story, "at-risk").path("dueAt").asText()).isEqualTo(due);
    assertThat(line(story, "breached").path("dueAt").asText()).isEqualTo(due);
    JsonNode answered = line(story, "answered-late");
    assertThat(answered.path("dueAt").asText()).isEqualTo(due);
    assertThat(Long.parseLong(answered.path("slackMs").asText())).isNegative();
    assertThat(Long.parseLong(answered.path("responseMs").asText())).isGreaterThan(9_000);
  }
}
