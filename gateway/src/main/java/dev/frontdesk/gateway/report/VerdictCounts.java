// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Verdicts of some hours, summed by one dimension. Not thread-safe. */
final class VerdictCounts {

  private final String prefix;
  private final Map<String, Row> rows = new TreeMap<>();

  /** {@code by}: a dimension, or a clock besides the first response's. */
  VerdictCounts(String by) {
    this.prefix = by + "|";
  }

  /** What was counted under one key. */
  static final class Row {
    private final Map<String, Long> counts = new HashMap<>();
    private final ResponseHistogram times = new ResponseHistogram();
    private final ResponseHistogram overruns = new ResponseHistogram();

    long count(String what) {
      return counts.getOrDefault(what, 0L);
    }

    ResponseHistogram overruns() {
      return overruns;
    }

    ResponseHistogram times() {
      return times;
    }

    /** Share of met among met and breached; null while there is neither. */
    @Nullable Double share() {
      long decided = count("met") + count("breached");
      return decided == 0 ? null : (double) count("met") / decided;
    }
  }

  /** Adds one hour's hash; fields of other dimensions are skipped. */
  VerdictCounts add(Map<String, String> hour) {
    hour.forEach(
        (field, value) -> {
          int last = field.lastIndexOf('|');
          if (field.startsWith(prefix) && last > prefix.length()) {
            add(field.substring(prefix.length(), last), field.substring(last + 1), value);
          }
        });
    return this;
  }

  private void add(String key, String what, String value) {
    Row row = rows.computeIfAbsent(key, k -> new Row());
    long count = Long.parseLong(value);
    if (what.startsWith("h")) {
      row.times.add(Integer.parseInt(what.substring(1)), count);
    } else if (what.startsWith("o")) {
      row.overruns.add(Integer.parseInt(what.substring(1)), count);
    } else {
      row.counts.merge(what, count, Long::sum);
    }
  }

  /** By key, in alphabetical order. */
  Map<String, Row> rows() {
    return rows;
  }
}
