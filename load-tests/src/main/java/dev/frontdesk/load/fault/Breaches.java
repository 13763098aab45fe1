// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * First-response breaches by the histories of conversations, 200 at most.
 *
 * @param fired conversations whose clock is breached
 * @param twice conversations that do not have exactly one breach in their history
 * @param early conversations with a breach before it was due
 * @param lastLateMillis the longest time from a deadline to when its breach was committed
 */
record Breaches(int fired, int twice, int early, long lastLateMillis) {

  /** How many are breached by now. */
  static long count(Desk operator) {
    return countOf(operator, "");
  }

  /** How many of contacts whose names begin so are breached by now. */
  static long countOf(Desk operator, String prefix) {
    return operator.conversations().stream()
        .filter(one -> one.path("contact").path("externalId").asText().startsWith(prefix))
        .filter(Breaches::isBreached)
        .count();
  }

  /** Reads them all. */
  static Breaches of(Desk operator) {
    return ofContacts(operator, "");
  }

  /** Reads those of contacts whose names begin so. */
  static Breaches ofContacts(Desk operator, String prefix) {
    int fired = 0;
    int twice = 0;
    int early = 0;
    long late = 0;
    for (JsonNode conversation : operator.conversations()) {
      if (!conversation.path("contact").path("externalId").asText().startsWith(prefix)) {
        continue;
      }
      Instant due = due(conversation);
      List<Instant> at =
          operator.events(conversation.path("id").asText()).stream()
              .filter(event -> event.path("what").asText().equals("breached"))
              .map(event -> Instant.parse(event.path("at").asText()))
              .toList();
      fired += isBreached(conversation) ? 1 : 0;
      twice += at.size() == 1 ? 0 : 1;
      early += at.stream().anyMatch(due::isAfter) ? 1 : 0;
      for (Instant one : at) {
        late = Math.max(late, Duration.between(due, one).toMillis());
      }
    }
    return new Breaches(fired, twice, early, late);
  }

  /**
   * Whether older deadlines took effect first, as far as that can be told of what happens several
   * at a time: the share of pairs of one of the oldest third and one of the newest in that order.
   */
  static double oldestFirst(Desk operator) {
    List<JsonNode> byDue = new ArrayList<>(operator.conversations());
    byDue.sort(Comparator.comparing(Breaches::due));
    List<Instant> at = new ArrayList<>();
    for (JsonNode conversation : byDue) {
      operator.events(conversation.path("id").asText()).stream()
          .filter(event -> event.path("what").asText().equals("breached"))
          .map(event -> Instant.parse(event.path("at").asText()))
          .findFirst()
          .ifPresent(at::add);
    }
    int third = at.size() / 3;
    long kept = 0;
    for (Instant old : at.subList(0, third)) {
      kept +=
          at.subList(at.size() - third, at.size()).stream()
              .filter(one -> !one.isBefore(old))
              .count();
    }
    return third == 0 ? 0 : (double) kept / third / third;
  }

  private static Instant due(JsonNode conversation) {
    return Instant.parse(conversation.path("clocks").path("firstResponse").path("dueAt").asText());
  }

  private static boolean isBreached(JsonNode conversation) {
    return conversation
        .path("clocks")
        .path("firstResponse")
        .path("state")
        .asText()
        .equals("breached");
  }

  /** Tells them: all fired once, none early. */
  void tell(Findings found, int expected) {
    found.equal("fired", expected, fired);
    found.equal("notOnce", 0, twice);
    found.equal("early", 0, early);
    found.note("lastLateMs", lastLateMillis);
  }
}
