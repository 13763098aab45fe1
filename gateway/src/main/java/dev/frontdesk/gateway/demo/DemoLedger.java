// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The account of a run: what was accepted against what is stored, what was answered against what
 * arrived, spells against verdicts. Pure.
 *
 * @param accepted ids the gateway said it holds, by channel
 * @param doubtful ids that may be stored or not, by channel
 * @param stored ids read back, by channel, each as often as it is stored
 * @param sent our messages that went out, by channel
 * @param stuck our messages in any other state, by channel and state
 * @param taken our messages that the platforms and visitors got, by channel
 */
record DemoLedger(
    Map<String, Set<String>> accepted,
    Map<String, Set<String>> doubtful,
    Map<String, List<String>> stored,
    Map<String, Long> sent,
    Map<String, Long> stuck,
    Map<String, Long> taken,
    Spells spells) {

  /** First-response spells that began, and what became of them. */
  record Spells(long started, long met, long breached, long voided, long running) {
    long accounted() {
      return met + breached + voided + running;
    }
  }

  /** Accepted and not stored. */
  long lost() {
    long lost = 0;
    for (Map.Entry<String, Set<String>> channel : accepted.entrySet()) {
      Set<String> missing = new HashSet<>(channel.getValue());
      missing.removeAll(Set.copyOf(stored.getOrDefault(channel.getKey(), List.of())));
      lost += missing.size();
    }
    return lost;
  }

  /** Stored more than once. */
  long duplicated() {
    return stored.values().stream().mapToLong(ids -> ids.size() - Set.copyOf(ids).size()).sum();
  }

  /** Stored, of those the demonstration's own customers sent. */
  long storedCount() {
    return count(true);
  }

  /** Stored and not from the demonstration's customers: somebody pasted a command. */
  long foreign() {
    return count(false);
  }

  private long count(boolean ours) {
    long count = 0;
    for (Map.Entry<String, List<String>> channel : stored.entrySet()) {
      Set<String> known = new HashSet<>(accepted.getOrDefault(channel.getKey(), Set.of()));
      known.addAll(doubtful.getOrDefault(channel.getKey(), Set.of()));
      count +=
          channel.getValue().stream().distinct().filter(id -> known.contains(id) == ours).count();
    }
    return count;
  }

  /** What does not balance, one sentence each; empty: all is well. */
  List<String> imbalances() {
    List<String> wrong = new ArrayList<>();
    if (lost() > 0) {
      wrong.add("lost: " + lost() + " accepted messages are not stored");
    }
    if (duplicated() > 0) {
      wrong.add("duplicated: " + duplicated() + " messages are stored again");
    }
    Set<String> channels = new TreeSet<>(sent.keySet());
    channels.addAll(taken.keySet());
    for (String channel : channels) {
      long left = sent.getOrDefault(channel, 0L);
      long arrived = taken.getOrDefault(channel, 0L);
      if (left != arrived) {
        wrong.add("replies on " + channel + ": sent " + left + ", arrived " + arrived);
      }
    }
    new TreeMap<>(stuck)
        .forEach(
            (channel, count) -> {
              if (count > 0) {
                wrong.add("replies on " + channel + ": " + count + " did not go out");
              }
            });
    if (spells.accounted() != spells.started()) {
      wrong.add("spells: started " + spells.started() + ", accounted " + spells.accounted());
    }
    if (spells.breached() == 0) {
      wrong.add("breached: 0, and a demonstration has to show a promise that breaks");
    }
    return wrong;
  }

  /** The last line of the demonstration. */
  String line() {
    long total = accepted.values().stream().mapToLong(Set::size).sum();
    return "ledger accepted="
        + total
        + " stored="
        + storedCount()
        + " lost="
        + lost()
        + " duplicated="
        + duplicated()
        + " met="
        + spells.met()
        + " breached="
        + spells.breached()
        + " void="
        + spells.voided()
        + " running="
        + spells.running();
  }
}
