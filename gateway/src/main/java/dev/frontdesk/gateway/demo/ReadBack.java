// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.Metrics;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads everything the gateway holds, as an operator may. Blocks. */
final class ReadBack {

  private static final int PAGE = 200;
  private static final int ATTEMPTS = 20;
  private static final Set<String> OUT = Set.of("accepted", "delivered", "read");

  private final ApiClient operator;
  private final URI management;

  ReadBack(ApiClient operator, URI management) {
    this.operator = operator;
    this.management = management;
  }

  /**
   * All messages, by channel: customers' ids, ours that went out, ours that did not (with their
   * state).
   */
  record Messages(
      Map<String, List<String>> stored, Map<String, Long> sent, Map<String, Long> stuck) {
    boolean isQuiet() {
      return stuck.isEmpty();
    }
  }

  /** Reads every message of every conversation. */
  Messages messages() {
    Messages all = new Messages(new HashMap<>(), new HashMap<>(), new HashMap<>());
    conversations().parallelStream()
        .map(
            conversation ->
                Map.entry(
                    conversation.path("channel").asText(),
                    messages(conversation.path("id").asText())))
        .toList()
        .forEach(each -> each.getValue().forEach(message -> count(all, each.getKey(), message)));
    return all;
  }

  private static void count(Messages all, String channel, JsonNode message) {
    switch (message.path("direction").asText()) {
      case "inbound" ->
          all.stored()
              .computeIfAbsent(channel, first -> new ArrayList<>())
              .add(message.path("externalId").asText());
      case "outbound" -> {
        String delivery = message.path("delivery").asText();
        if (OUT.contains(delivery)) {
          all.sent().merge(channel, 1L, Long::sum);
        } else {
          all.stuck().merge(channel + " (" + delivery + ")", 1L, Long::sum);
        }
      }
      default -> {} // a note
    }
  }

  /**
   * Spells and verdicts. Clocks end while this reads, so it reads until nothing changed in between.
   */
  DemoLedger.Spells spells() {
    DemoLedger.Spells spells = spellsOnce();
    for (int i = 1; i < ATTEMPTS; i++) {
      DemoLedger.Spells again = spellsOnce();
      if (again.equals(spells)) {
        break;
      }
      spells = again;
    }
    return spells;
  }

  private DemoLedger.Spells spellsOnce() {
    long running =
        conversations().stream()
            .map(c -> c.path("clocks").path("firstResponse").path("state").asText())
            .filter(state -> state.equals("running") || state.equals("paused"))
            .count();
    Metrics metrics = Metrics.read(management);
    return new DemoLedger.Spells(
        (long) metrics.sum("frontdesk_first_response_spells_total"),
        verdicts(metrics, "met"),
        verdicts(metrics, "breached"),
        verdicts(metrics, "void"),
        running);
  }

  private static long verdicts(Metrics metrics, String verdict) {
    return (long) metrics.sum("frontdesk_first_response_total", "verdict=\"" + verdict + "\"");
  }

  /** Every conversation there is. */
  List<JsonNode> conversations() {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("/api/v1/conversations?limit=" + PAGE + cursor);
      page.path("conversations").forEach(all::add);
      cursor = page.hasNonNull("cursor") ? "&cursor=" + page.path("cursor").asText() : "";
    } while (!cursor.isEmpty());
    return all;
  }

  private List<JsonNode> messages(String conversation) {
    List<JsonNode> all = new ArrayList<>();
    int after = 0;
    int found;
    do {
      JsonNode page =
          get(
              "/api/v1/conversations/"
                  + conversation
                  + "/messages?limit="
                  + PAGE
                  + "&after="
                  + after);
      found = page.path("messages").size();
      page.path("messages").forEach(all::add);
      after += found;
    } while (found == PAGE);
    return all;
  }

  private JsonNode get(String path) {
    ApiClient.Answer answer = operator.get(path);
    if (!answer.isOk()) {
      throw new IllegalStateException(path + " answered " + answer.status());
    }
    return answer.body();
  }
}
