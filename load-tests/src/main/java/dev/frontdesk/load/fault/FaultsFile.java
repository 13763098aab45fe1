// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last run of each row on one day: {@code load-tests/results/DATE-faults.txt}. Rows that run
 * again replace their line, the others keep theirs. For one thread.
 */
final class FaultsFile {

  private static final Pattern NAME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})-faults\\.txt");

  private final Path file;
  private final Map<String, RecordedRow> rows = new LinkedHashMap<>();

  private FaultsFile(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        RecordedRow.parse(line).ifPresent(row -> rows.put(row.id(), row));
      }
    }
  }

  /** The file of a day; it need not be there yet. */
  static FaultsFile of(Path results, LocalDate date) throws IOException {
    return new FaultsFile(results.resolve(date + "-faults.txt"));
  }

  /** All files of a folder, oldest first; none if there is no such folder. */
  static List<FaultsFile> all(Path results) throws IOException {
    List<FaultsFile> all = new ArrayList<>();
    if (Files.isDirectory(results)) {
      try (Stream<Path> files = Files.list(results)) {
        for (Path file :
            files
                .filter(one -> NAME.matcher(one.getFileName().toString()).matches())
                .sorted()
                .toList()) {
          all.add(new FaultsFile(file));
        }
      }
    }
    return all;
  }

  Path path() {
    return file;
  }

  /** The day in its name. */
  String date() {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? name.group(1) : "";
  }

  /** What became of a row on that day. */
  Optional<RecordedRow> row(String id) {
    return Optional.ofNullable(rows.get(id));
  }

  /**
   * Puts a row in its place and writes the file.
   *
   * @param machine commit and machine of this run, in brackets
   * @param catalogue all rows there are, in their order; a line of any other is left out
   */
  void put(RecordedRow row, String machine, List<FaultRow> catalogue) throws IOException {
    rows.put(row.id(), row);
    Tally tally = new Tally();
    StringBuilder text =
        new StringBuilder(
            "Rows of load-tests/faults, the last run of each on "
                + date()
                + ": id, outcome, seconds, commit, what the fault is, its figures.\n"
                + "The machine, and the commit of the last run:\n"
                + machine
                + "\n\n");
    for (FaultRow one : catalogue) {
      tally.add(one, row(one.id()));
      row(one.id()).ifPresent(known -> text.append(known.line()).append('\n'));
    }
    Path written = Files.writeString(file, text.append('\n').append(tally).append('\n'));
    assert written.equals(file);
  }
}
