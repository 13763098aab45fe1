// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.load.Ledger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the messages of each phase, a line each. For one thread. */
final class PhaseTable {

  private static final String COLUMNS = "s %9s %8s %6s %9s %9s %6s %6s";

  private final String name;
  private final List<String> lines = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param title of the column with the names of phases
   * @param width of that column
   */
  PhaseTable(String title, int width) {
    this.name = "%-" + width;
    lines.add(
        String.format(
            Locale.ROOT,
            name + COLUMNS,
            title,
            "accepted",
            "503",
            "other",
            "no answer",
            "outage s",
            "lost",
            "twice"));
  }

  /** Adds a phase and returns its line; {@code remark} ends it. */
  String add(String phase, Ledger.Balance balance, Traffic.Seen seen, String remark) {
    String line =
        String.format(
                Locale.ROOT,
                name + COLUMNS,
                phase,
                balance.accepted(),
                seen.refused(),
                seen.bare() + seen.wrong(),
                seen.unknown(),
                String.format(Locale.ROOT, "%.2f", seen.worstSeconds()),
                balance.lost(),
                balance.duplicated())
            + remark;
    lines.add(line);
    return line;
  }

  void print(PrintStream out) {
    lines.forEach(out::println);
  }
}
