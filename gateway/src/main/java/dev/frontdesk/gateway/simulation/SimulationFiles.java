// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code trace.csv} and {@code agents.csv}; times in both are seconds. */
public final class SimulationFiles {

  private static final List<String> TRACE =
      List.of("at", "channel", "promise", "target", "weight", "skills", "handling");
  private static final List<String> AGENTS = List.of("id", "skills", "capacity", "from", "to");

  private SimulationFiles() {}

  /**
   * A trace; rows may stand in any order of time.
   *
   * @throws FileProblem when there is no such file or something in it is not as expected
   */
  public static Trace trace(Path file) throws IOException {
    List<Trace.Arrival> arrivals = new ArrayList<>();
    Map<Trace.Kind, Trace.Kind> kinds = new HashMap<>();
    Table.read(
        file,
        TRACE,
        row -> {
          Trace.Kind kind =
              new Trace.Kind(
                  row.name(1),
                  name(row, 2),
                  Math.max(1, Math.round(1000 * row.positive(3, "seconds, more than 0"))),
                  row.positive(4, "a weight, more than 0"),
                  row.skills(5));
          Trace.Kind same = kinds.computeIfAbsent(kind, k -> k);
          arrivals.add(new Trace.Arrival(row.millis(0), row.millis(6), same));
        });
    if (arrivals.isEmpty()) {
      throw new FileProblem(file.getFileName() + ": no rows, expected at least one arrival");
    }
    return new Trace(String.valueOf(file.getFileName()), arrivals);
  }

  /**
   * A staff.
   *
   * @throws FileProblem when there is no such file or something in it is not as expected
   */
  public static Staff staff(Path file) throws IOException {
    List<Staff.Member> members = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Table.read(
        file,
        AGENTS,
        row -> {
          if (!ids.add(row.name(0))) {
            throw row.problem(0, "each id once");
          }
          long from = row.millis(3);
          long to = row.millis(4);
          if (to <= from) {
            throw row.problem(4, "later than from");
          }
          members.add(
              new Staff.Member(row.name(0), row.skills(1), row.whole(2, 1, 100_000), from, to));
        });
    if (members.isEmpty()) {
      throw new FileProblem(file.getFileName() + ": no rows, expected at least one agent");
    }
    return new Staff(members);
  }

  private static String name(Table row, int column) throws FileProblem {
    String name = row.name(column);
    if (name.indexOf('|') >= 0) {
      throw row.problem(column, "a name without |");
    }
    return name;
  }
}
