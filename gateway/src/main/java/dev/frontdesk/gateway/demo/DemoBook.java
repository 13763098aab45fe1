// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What customers sent and what became of it, by their own account. Thread-safe. */
final class DemoBook {

  private final ConcurrentMap<String, Set<String>> accepted = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Set<String>> doubtful = new ConcurrentHashMap<>();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Set<String> answers = ConcurrentHashMap.newKeySet();
  private final LongAdder answersTwice = new LongAdder();

  /** The gateway said that it holds this message. */
  void accepted(String channel, String id) {
    of(accepted, channel).add(id);
  }

  /** Nobody knows: there was no answer, or only refusals until the platform gave up. */
  void doubtful(String channel, String id) {
    of(doubtful, channel).add(id);
  }

  /** An accepted message was sent once more. */
  void repeated() {
    repeated.increment();
  }

  /** A request was refused for now; the platform tries again. */
  void refused() {
    refused.increment();
  }

  /** A visitor's page showed a message of ours. */
  void shown(String messageId) {
    if (!answers.add(messageId)) {
      answersTwice.increment();
    }
  }

  /** Ids as the gateway stores them, by channel. */
  Map<String, Set<String>> accepted() {
    return copy(accepted);
  }

  /** Ids that may be stored or not, by channel. */
  Map<String, Set<String>> doubtful() {
    return copy(doubtful);
  }

  long acceptedCount() {
    return accepted.values().stream().mapToLong(Set::size).sum();
  }

  long acceptedCount(String channel) {
    return accepted.getOrDefault(channel, Set.of()).size();
  }

  long repeatedCount() {
    return repeated.sum();
  }

  long refusedCount() {
    return refused.sum();
  }

  /** Messages of ours shown to visitors, each once. */
  long shownCount() {
    return answers.size();
  }

  /** Messages of ours shown to a visitor again. */
  long shownAgainCount() {
    return answersTwice.sum();
  }

  private static Set<String> of(ConcurrentMap<String, Set<String>> map, String channel) {
    return map.computeIfAbsent(channel, first -> ConcurrentHashMap.newKeySet());
  }

  private static Map<String, Set<String>> copy(Map<String, Set<String>> map) {
    Map<String, Set<String>> copy = new TreeMap<>();
    map.forEach((channel, ids) -> copy.put(channel, Set.copyOf(ids)));
    return copy;
  }
}
