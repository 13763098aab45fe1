// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many rows passed, failed, are not covered, were not run; with the ids. For one thread. */
final class Tally {

  private final List<String> passed = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<String> uncovered = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /** Counts one; a row that nothing covers need not be run to be known as such. */
  void add(FaultRow row, Optional<RecordedRow> known) {
    Optional<Result.Outcome> outcome = known.map(RecordedRow::outcome);
    if (outcome.isEmpty()) {
      (row instanceof UncoveredRow ? uncovered : missing).add(row.id());
      return;
    }
    switch (outcome.get()) {
      case PASS -> passed.add(row.id());
      case FAIL -> failed.add(row.id());
      case NOT_COVERED -> uncovered.add(row.id());
    }
  }

  int passed() {
    return passed.size();
  }

  List<String> failed() {
    return failed;
  }

  List<String> uncovered() {
    return uncovered;
  }

  List<String> missing() {
    return missing;
  }

  int all() {
    return passed.size() + failed.size() + uncovered.size() + missing.size();
  }

  @Override
  public String toString() {
    return "faults passed="
        + passed.size()
        + " failed="
        + failed.size()
        + " not-covered="
        + uncovered.size()
        + " not-run="
        + missing.size()
        + " of "
        + all();
  }
}
