// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue is whole, its tests exist, and the page says what the code does. */
class CatalogueTest {

  private static final Path ROOT = root();
  private final List<FaultRow> rows = new Catalogue(ROOT).rows();

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("load-tests/README.md"))) {
      at = at.getParent();
    }
    return at;
  }

  @Test
  void rows_areThe94OfTheCatalogue_inItsOrder() {
    List<String> expected = new ArrayList<>();
    numbers(expected, "G", 13);
    numbers(expected, "R", 20);
    numbers(expected, "W", 21);
    numbers(expected, "A", 18);
    numbers(expected, "O", 12);
    numbers(expected, "P", 10);

    assertThat(expected).hasSize(94);
    assertThat(rows).extracting(FaultRow::id).containsExactlyElementsOf(expected);
    assertThat(rows).extracting(FaultRow::title).doesNotContain("").doesNotHaveDuplicates();
  }

  private static void numbers(List<String> to, String kind, int last) {
    for (int n = 1; n <= last; n++) {
      to.add(String.format(Locale.ROOT, "%s-%02d", kind, n));
    }
  }

  @Test
  void rows_areCovered_seventyTwoAtLeast() {
    assertThat(rows.stream().filter(row -> !(row instanceof UncoveredRow)).count())
        .isGreaterThanOrEqualTo(72);
    assertThat(rows)
        .filteredOn(UncoveredRow.class::isInstance)
        .extracting(row -> ((UncoveredRow) row).reason())
        .allSatisfy(reason -> assertThat(reason).isNotBlank());
  }

  @Test
  void tests_ofRows_exist() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("config", "connectors", "gateway")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    for (FaultRow row : rows) {
      if (row instanceof TestedRow tested) {
        for (String test : tested.tests()) {
          String[] parts = test.split("\\.", 2);
          assertThat(sources).as(row.id()).containsKey(parts[0]);
          assertThat(sources.get(parts[0])).as(row.id()).contains(" " + parts[1] + "(");
        }
      }
    }
  }

  @Test
  void page_saysWhatTheRowsAre() throws IOException {
    String page = Files.readString(ROOT.resolve("load-tests/README.md"));

    String table = page.split("<!-- faults -->\n", -1)[1].split("<!-- end of faults -->", -1)[0];

    assertThat(table).as("load-tests/faults --page prints it").isEqualTo(Faults.page(rows));
  }
}
