// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a row does as an agent, a supervisor or an operator, by the public API. */
public final class Desk {

  private static final String CONVERSATIONS = "/api/v1/conversations/";

  private final Rig rig;
  private final ApiClient api;

  Desk(Rig rig, ApiClient api) {
    this.rig = rig;
    this.api = api;
  }

  public ApiClient api() {
    return api;
  }

  /** Says that the agent is there. */
  public void available() {
    ok(api.put("/api/v1/agent/presence", Map.of("presence", "available")));
  }

  /** The offers of a snapshot, as soon as there are so many; at most 15 s. */
  public List<JsonNode> offers(int count) {
    List<JsonNode> offers = new ArrayList<>();
    double took =
        rig.await(
            count + " offers",
            Duration.ofSeconds(15),
            () -> {
              offers.clear();
              for (JsonNode change :
                  ok(api.get("/api/v1/agent/conversations?wait=0")).path("changes")) {
                if (change.path("type").asText().equals("offered") && change.has("offer")) {
                  offers.add(change);
                }
              }
              return offers.size() >= count;
            });
    assert took >= 0;
    return offers;
  }

  /** Accepts what was offered; the conversation then. */
  public JsonNode accept(JsonNode offered) {
    return ok(
        api.post(
            CONVERSATIONS + offered.path("conversation").path("id").asText() + "/accept",
            Map.of("offer", offered.path("offer").path("id").asText())));
  }

  /** Answers as the owner; the API's answer. */
  public ApiClient.Answer reply(JsonNode conversation, String text, String key) {
    return api.post(
        CONVERSATIONS + conversation.path("id").asText() + "/messages",
        Map.of("text", text, "epoch", conversation.path("epoch").asLong()),
        key);
  }

  /** Gives a conversation to an agent (supervisors). */
  public JsonNode assign(String conversation, String agent) {
    return ok(api.post(CONVERSATIONS + conversation + "/assign", Map.of("agent", agent)));
  }

  public JsonNode conversation(String id) {
    return ok(api.get(CONVERSATIONS + id));
  }

  /** The newest messages, ascending. */
  public List<JsonNode> messages(String conversation) {
    List<JsonNode> all = new ArrayList<>();
    ok(api.get(CONVERSATIONS + conversation + "/messages?limit=200"))
        .path("messages")
        .forEach(all::add);
    return all;
  }

  /** Delivery of the message with that text; empty when it is not there. */
  public String delivery(String conversation, String text) {
    return messages(conversation).stream()
        .filter(message -> message.path("content").path("text").asText().equals(text))
        .map(message -> message.path("delivery").asText())
        .findFirst()
        .orElse("");
  }

  /** Delivery of each message whose text begins so, ascending. */
  public List<String> deliveries(String conversation, String text) {
    return messages(conversation).stream()
        .filter(message -> message.path("content").path("text").asText().startsWith(text))
        .map(message -> message.path("delivery").asText())
        .toList();
  }

  /** The history of a conversation. */
  public List<JsonNode> events(String conversation) {
    List<JsonNode> all = new ArrayList<>();
    ok(api.get(CONVERSATIONS + conversation + "/events")).path("events").forEach(all::add);
    return all;
  }

  /** Newest conversations, 200 at most. */
  public List<JsonNode> conversations() {
    List<JsonNode> all = new ArrayList<>();
    ok(api.get("/api/v1/conversations?limit=200")).path("conversations").forEach(all::add);
    return all;
  }

  /** The newest conversation of a contact. */
  public JsonNode of(String contact) {
    return conversations().stream()
        .filter(c -> c.path("contact").path("externalId").asText().equals(contact))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no conversation of " + contact));
  }

  static JsonNode ok(ApiClient.Answer answer) {
    if (!answer.isOk()) {
      throw new IllegalStateException("the API answered " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }
}
