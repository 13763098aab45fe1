// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a workspace has that no other may see: ids, and a customer's text with {@code a secret}.
 *
 * @param owner its operator
 */
record Theirs(Desk owner, String conversation, String customer, String agent, String letter) {

  /**
   * Of the one conversation that waits there: its agent answers, in vain, for nobody takes what is
   * sent, so there is a dead letter.
   */
  static Theirs made(Rig rig, Desk owner, Desk agent, String name) {
    agent.available();
    JsonNode mine = agent.accept(agent.offers(1).get(0));
    int replied = agent.reply(mine, "a secret, too", "p04").status();
    if (replied != 201) {
      throw new IllegalStateException("the answer got " + replied);
    }
    List<String> letters = new ArrayList<>();
    double given =
        rig.await(
            "a dead letter",
            Duration.ofSeconds(20),
            () -> {
              Desk.ok(owner.api().get("/api/v1/dead-letters"))
                  .path("deadLetters")
                  .forEach(letter -> letters.add(letter.path("id").asText()));
              return !letters.isEmpty();
            });
    assert given >= 0;
    return new Theirs(
        owner,
        mine.path("id").asText(),
        mine.path("customer").path("id").asText(),
        name,
        letters.get(0));
  }

  /** The id that an operation is asked for; empty: of a kind that is not known here. */
  String id(ApiOperation operation) {
    return Map.of(
            "conversations", conversation,
            "customers", customer,
            "agents", agent,
            "dead-letters", letter)
        .getOrDefault(operation.kind(), "");
  }

  /** The path of an operation for which there is no id; empty: there is, or it needs none. */
  String unknown(ApiOperation operation) {
    return operation.names() && id(operation).isEmpty() ? operation.path() : "";
  }

  /** Whether a text has anything of theirs. */
  boolean isIn(String text) {
    return Set.of(conversation, customer, "\"" + agent + "\"", letter, "theirs", "a secret")
        .stream()
        .anyMatch(text::contains);
  }

  /** What their operator sees. */
  JsonNode seen(String path) {
    return Desk.ok(owner.api().get(path));
  }
}
