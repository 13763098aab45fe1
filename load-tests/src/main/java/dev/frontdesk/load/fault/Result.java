// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.Locale;

/**
 * What became of a row.
 *
 * @param figures what was seen, or why it is not covered
 * @param control what its control showed; empty: there is none
 */
record Result(
    String id, String title, Outcome outcome, double seconds, String figures, String control) {

  enum Outcome {
    PASS,
    FAIL,
    NOT_COVERED;

    /** As it stands in the table. */
    String words() {
      return name().replace('_', ' ');
    }
  }

  /** One line of the table. */
  String line() {
    return String.format(
        Locale.ROOT, "%-5s %-11s %6.1f s  %s", id, outcome.words(), seconds, told());
  }

  /** What the fault is and what was seen. */
  String told() {
    String told = title + ": " + figures;
    return control.isEmpty() ? told : told + " | control " + control;
  }
}
