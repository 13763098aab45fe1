// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The last recorded run of each row, whatever day it was. Immutable. */
final class LastRuns {

  private final List<FaultRow> catalogue;
  private final Map<String, RecordedRow> rows = new LinkedHashMap<>();
  private final SortedMap<String, String> files = new TreeMap<>();

  /** Of the files in a folder; there need not be any. */
  LastRuns(Path results, List<FaultRow> catalogue) throws IOException {
    this.catalogue = catalogue;
    List<FaultsFile> oldestFirst = FaultsFile.all(results);
    for (FaultRow one : catalogue) {
      for (FaultsFile file : oldestFirst) {
        file.row(one.id()).ifPresent(row -> rows.put(one.id(), row));
      }
    }
    for (FaultsFile file : oldestFirst) {
      if (catalogue.stream().anyMatch(one -> isLast(file, one.id()))) {
        files.put(file.date(), String.valueOf(file.path().getFileName()));
      }
    }
  }

  private boolean isLast(FaultsFile file, String id) {
    return file.row(id).isPresent() && file.row(id).equals(Optional.ofNullable(rows.get(id)));
  }

  /** Names of the files that hold them, by day. */
  SortedMap<String, String> files() {
    return files;
  }

  /** All rows counted. */
  Tally tally() {
    Tally tally = new Tally();
    catalogue.forEach(row -> count(tally, row));
    return tally;
  }

  /** The rows of a family counted. */
  Tally tally(Family family) {
    Tally tally = new Tally();
    catalogue.stream().filter(row -> family.has(row.id())).forEach(row -> count(tally, row));
    return tally;
  }

  private void count(Tally tally, FaultRow row) {
    tally.add(row, Optional.ofNullable(rows.get(row.id())));
  }
}
