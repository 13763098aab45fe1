// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of a row, as it stands in a file of results.
 *
 * @param line all of it: id, outcome, seconds, commit, title, figures
 */
record RecordedRow(String id, Result.Outcome outcome, String line) {

  private static final Pattern LINE =
      Pattern.compile("([A-Z]-\\d\\d) +(PASS|FAIL|NOT COVERED) +[\\d.]+ s  [0-9a-f]{7,40}[+ ].*");

  /** The row of a line; empty: it is a line of another kind, or does not say its commit. */
  static Optional<RecordedRow> parse(String line) {
    Matcher found = LINE.matcher(line);
    return found.matches()
        ? Optional.of(
            new RecordedRow(
                found.group(1), Result.Outcome.valueOf(found.group(2).replace(' ', '_')), line))
        : Optional.empty();
  }

  /**
   * A result to be kept, on one line whatever an exception said.
   *
   * @param commit what it ran on
   */
  static RecordedRow of(Result result, String commit) {
    String line =
        String.format(
            Locale.ROOT,
            "%-5s %-11s %6.1f s  %-7s  %s",
            result.id(),
            result.outcome().words(),
            result.seconds(),
            commit,
            result.told());
    return new RecordedRow(
        result.id(), result.outcome(), line.replaceAll("\\s*\\R\\s*", " ").stripTrailing());
  }

  /** Without names of folders of this machine. */
  RecordedRow without(String folder, String name) {
    return new RecordedRow(id, outcome, line.replace(folder, name));
  }
}
