// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The account of a run: what became of each id that was sent, against what is found stored.
 *
 * <p>Lost: accepted and not stored. Duplicated: stored more than once. Unexpected: stored and never
 * sent. Refused or unknown ones may be stored once or not at all. Thread-safe.
 */
public final class Ledger {

  /** How a send ended for the sender; a later ACCEPTED of a repeat wins. */
  public enum Outcome {
    ACCEPTED,
    REFUSED,
    UNKNOWN
  }

  private final ConcurrentHashMap<String, Outcome> sent = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, AtomicInteger> stored = new ConcurrentHashMap<>();

  public void sent(String id, Outcome outcome) {
    sent.merge(id, outcome, (was, is) -> was == Outcome.ACCEPTED ? was : is);
  }

  public void stored(String id) {
    stored.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
  }

  /** Takes the sends of another account over; their ids differ. */
  public void take(Ledger other) {
    other.sent.forEach(this::sent);
  }

  /** The same sends, with nothing found stored yet. */
  public Ledger copy() {
    Ledger copy = new Ledger();
    copy.take(this);
    return copy;
  }

  /** Ids that were accepted. */
  public List<String> accepted() {
    return sent.entrySet().stream()
        .filter(one -> one.getValue() == Outcome.ACCEPTED)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** What became of what was sent so far, for a line while the run goes on. */
  public String outcomes() {
    Map<Outcome, Integer> outcomes = new TreeMap<>();
    sent.values().forEach(outcome -> outcomes.merge(outcome, 1, Integer::sum));
    return outcomes.toString();
  }

  /** The balance; clean when nothing is lost, duplicated or unexpected. */
  public Balance balance() {
    Map<Outcome, Integer> outcomes = new TreeMap<>();
    List<String> lost = new ArrayList<>();
    sent.forEach(
        (id, outcome) -> {
          outcomes.merge(outcome, 1, Integer::sum);
          if (outcome == Outcome.ACCEPTED && !stored.containsKey(id)) {
            lost.add(id);
          }
        });
    int duplicated = 0;
    int unexpected = 0;
    for (Map.Entry<String, AtomicInteger> one : stored.entrySet()) {
      duplicated += one.getValue().get() > 1 ? 1 : 0;
      unexpected += sent.containsKey(one.getKey()) ? 0 : 1;
    }
    return new Balance(
        outcomes.getOrDefault(Outcome.ACCEPTED, 0),
        outcomes.getOrDefault(Outcome.REFUSED, 0),
        outcomes.getOrDefault(Outcome.UNKNOWN, 0),
        stored.size(),
        lost.size(),
        duplicated,
        unexpected,
        lost.subList(0, Math.min(5, lost.size())));
  }

  /** Counts of ids; {@code examples} are up to five lost ones. */
  public record Balance(
      int accepted,
      int refused,
      int unknown,
      int stored,
      int lost,
      int duplicated,
      int unexpected,
      List<String> examples) {
    public boolean isClean() {
      return lost == 0 && duplicated == 0 && unexpected == 0;
    }

    @Override
    public String toString() {
      return "ledger accepted="
          + accepted
          + " refused="
          + refused
          + " unknown="
          + unknown
          + " stored="
          + stored
          + " lost="
          + lost
          + " duplicated="
          + duplicated
          + " unexpected="
          + unexpected
          + (examples.isEmpty() ? "" : " e.g. " + examples);
    }
  }
}
