// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How many keys of each kind the store keeps, and what they take. A kind is what stands between the
 * workspace's tag and the next colon: {@code c} are conversations. What is kept by promise, for a
 * day and longer, is counted and not weighed: it grows for all of a run. Immutable.
 *
 * @param second since the beginning of the load
 * @param kinds by name
 */
record StoreCensus(double second, Map<String, Kind> kinds) {

  /** Ids of what was received, answers to an {@code Idempotency-Key}, answers to one operation. */
  private static final Set<String> PROMISED = Set.of("d", "op", "co");

  private static final double MEGABYTE = 1024 * 1024;

  StoreCensus {
    kinds = Map.copyOf(kinds);
  }

  /** Keys of one kind, and their bytes without the table of keys. */
  record Kind(long keys, long bytes) {
    Kind and(Kind other) {
      return new Kind(keys + other.keys, bytes + other.bytes);
    }
  }

  /** {@code c} of {@code {acme}:c:2f1…}. */
  static String kindOf(String key) {
    String name = key.substring(key.indexOf("}:") + 2);
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  static boolean isPromised(String kind) {
    return PROMISED.contains(kind);
  }

  /** Bytes of what retention and trimming keep at rest: of all that is not kept by promise. */
  double working() {
    return kinds.values().stream().mapToLong(Kind::bytes).sum();
  }

  /** Line by line how each kind of a tenth of a megabyte and more went from first to last. */
  static List<String> table(List<StoreCensus> all) {
    StoreCensus first = all.get(0);
    StoreCensus last = all.get(all.size() - 1);
    Set<String> names =
        all.stream().flatMap(one -> one.kinds().keySet().stream()).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      Trend bytes = Trend.of(all.stream().map(one -> one.point(name)).toList());
      if (isPromised(name) || bytes.mean() >= MEGABYTE / 10) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  %-3s %7d keys at %.0f s, %7d at %.0f s%s",
                name,
                first.of(name).keys(),
                first.second(),
                last.of(name).keys(),
                last.second(),
                isPromised(name)
                    ? ", by promise"
                    : String.format(
                        Locale.ROOT,
                        "; mean %.1f MB, %+.2f MB in 10 minutes",
                        bytes.mean() / MEGABYTE,
                        bytes.slope() * 600 / MEGABYTE)));
      }
    }
    return lines;
  }

  private Kind of(String name) {
    return kinds.getOrDefault(name, new Kind(0, 0));
  }

  private Trend.Point point(String name) {
    return new Trend.Point(second, of(name).bytes());
  }

  /** Adds up while keys are gone through. Used by one thread. */
  static final class Builder {
    private final Map<String, Kind> kinds = new TreeMap<>();

    void add(String kind, long bytes) {
      kinds.merge(kind, new Kind(1, bytes), Kind::and);
    }

    StoreCensus build(double second) {
      return new StoreCensus(second, kinds);
    }
  }
}
