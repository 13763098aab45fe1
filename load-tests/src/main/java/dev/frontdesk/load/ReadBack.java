// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads everything a workspace holds through the public API, as an operator would. */
public final class ReadBack {

  private final ApiClient api;

  public ReadBack(URI gateway, String operatorToken) {
    this.api = new ApiClient(HttpClient.newHttpClient(), gateway, operatorToken);
  }

  /** Every conversation, newest first. */
  public List<JsonNode> conversations() {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(api.get("/api/v1/conversations?limit=200" + cursor));
      page.path("conversations").forEach(all::add);
      cursor = page.hasNonNull("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
    } while (!cursor.isEmpty());
    return all;
  }

  /** Every message of a conversation, ascending. */
  public List<JsonNode> messages(String conversation) {
    List<JsonNode> all = new ArrayList<>();
    int after = 0;
    while (true) {
      JsonNode page =
          ok(
              api.get(
                  "/api/v1/conversations/" + conversation + "/messages?limit=200&after=" + after));
      JsonNode messages = page.path("messages");
      if (messages.isEmpty()) {
        return all;
      }
      messages.forEach(all::add);
      after = messages.get(messages.size() - 1).path("seq").asInt();
    }
  }

  /** Gives every stored inbound message to {@code each}; checks that seq has no gap. */
  public int inbound(Consumer<JsonNode> each) {
    int gaps = 0;
    for (JsonNode conversation : conversations()) {
      int expected = 1;
      for (JsonNode message : messages(conversation.path("id").asText())) {
        gaps += message.path("seq").asInt() == expected++ ? 0 : 1;
        if ("inbound".equals(message.path("direction").asText())) {
          each.accept(message);
        }
      }
    }
    return gaps;
  }

  private static JsonNode ok(ApiClient.Answer answer) {
    if (!answer.isOk()) {
      throw new IllegalStateException("the API answered " + answer.status() + " " + answer.body());
    }
    return answer.body();
  }
}
