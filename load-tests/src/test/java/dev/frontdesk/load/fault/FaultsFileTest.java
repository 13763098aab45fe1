// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of rows that ran, and what pages make of it. */
class FaultsFileTest {

  private static final Path PROJECT = dev.frontdesk.load.results.Figures.project();
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final String MACHINE = "(commit abc1234; 2 cores)";

  @TempDir Path project;
  private final List<FaultRow> catalogue = new Catalogue(PROJECT).rows();
  private Path results = PROJECT;

  @BeforeEach
  void folder() throws IOException {
    results = Files.createDirectories(project.resolve("load-tests/results"));
    for (String page : List.of("README.md", "README.zh-CN.md", "load-tests/README.md")) {
      Path written =
          Files.writeString(
              project.resolve(page),
              "before\n<!-- fault-results -->\nold\n<!-- /fault-results -->\nafter\n");
      assertThat(written).exists();
    }
  }

  private static RecordedRow row(String id, Result.Outcome outcome, String figures) {
    return RecordedRow.of(new Result(id, "a fault", outcome, 7.25, figures, ""), "abc1234");
  }

  private void put(LocalDate day, RecordedRow... rows) throws IOException {
    FaultsFile file = FaultsFile.of(results, day);
    for (RecordedRow row : rows) {
      file.put(row, MACHINE, catalogue);
    }
  }

  private List<String> lines(LocalDate day) throws IOException {
    return Files.readAllLines(results.resolve(day + "-faults.txt"));
  }

  @Test
  void row_thatRanAgain_replacesItsLine_andTheOthersKeepTheirs() throws IOException {
    put(DAY, row("R-04", Result.Outcome.FAIL, "!! lost=3"));
    put(DAY, row("G-02", Result.Outcome.PASS, "lost=0"), row("O-10", Result.Outcome.PASS, "x"));
    put(DAY, row("R-04", Result.Outcome.PASS, "lost=0"));

    assertThat(lines(DAY))
        .containsSubsequence(
            MACHINE,
            "",
            "G-02  PASS           7.3 s  abc1234  a fault: lost=0",
            "R-04  PASS           7.3 s  abc1234  a fault: lost=0",
            "O-10  PASS           7.3 s  abc1234  a fault: x",
            "",
            "faults passed=3 failed=0 not-covered=5 not-run=86 of 94")
        .noneMatch(line -> line.contains("!!"));
  }

  @Test
  void lineWithoutACommit_countsAsNotRun() throws IOException {
    String older =
        "W-05  FAIL          17.7 s  messages race: resolved=141>=10 !! closedLooked=4>=5";
    Path file =
        Files.write(results.resolve(DAY + "-faults.txt"), List.of("Rows of a morning", "", older));
    put(DAY, row("G-01", Result.Outcome.NOT_COVERED, "no time"));

    assertThat(file).exists();
    assertThat(lines(DAY))
        .contains("G-01  NOT COVERED    7.3 s  abc1234  a fault: no time")
        .doesNotContain("Rows of a morning", older)
        .endsWith("faults passed=0 failed=0 not-covered=7 not-run=87 of 94");
  }

  @Test
  void row_isOneLine_whateverAnExceptionSaid_withoutFoldersOfTheMachine() {
    RecordedRow row =
        RecordedRow.of(
                new Result(
                    "R-01",
                    "a fault",
                    Result.Outcome.FAIL,
                    1,
                    "!! X: in /tmp/fd/a\n  at b\r\n",
                    ""),
                "abc1234+changes")
            .without("/tmp/fd", "FOLDER");

    assertThat(row.line())
        .isEqualTo("R-01  FAIL           1.0 s  abc1234+changes  a fault: !! X: in FOLDER/a at b");
    assertThat(RecordedRow.parse(row.line())).contains(row);
  }

  @Test
  void table_takesTheLastRunOfEachRow_whateverDay() throws IOException {
    put(DAY, row("G-01", Result.Outcome.FAIL, "a"), row("G-02", Result.Outcome.FAIL, "b"));
    put(DAY.plusDays(1), row("G-01", Result.Outcome.PASS, "c"));

    assertThat(new FaultPages(project).generated("load-tests/README.md"))
        .startsWith("before\n<!-- fault-results -->\nThe last run of each row")
        .contains(
            "[2026-01-02](results/2026-01-02-faults.txt), [2026-01-03](results/2026-01-03-faults.txt):"
                + " of 94, 1 passed, 1 failed, 6 are not covered, 86 were not run.\n")
        .contains("| G: the gateway's process | 13 | 1 | 1 (G-02) | 0 | 11 (G-03, ")
        .contains("| O: what we send to platforms | 12 | 0 | 0 | 2 (O-07, O-10) | 10 (")
        .endsWith("|\n<!-- /fault-results -->\nafter\n");
    assertThat(new FaultPages(project).generated("README.zh-CN.md"))
        .contains("(load-tests/results/2026-01-03-faults.txt)：共 94 项，通过 1，失败 1，未覆盖 6，未运行 86。");
  }

  @Test
  void fileWhoseRowsAllRanAgain_isNotNamed() throws IOException {
    put(DAY, row("G-01", Result.Outcome.FAIL, "a"));
    put(DAY.plusDays(1), row("G-01", Result.Outcome.PASS, "c"));

    assertThat(new FaultPages(project).generated("README.md"))
        .contains("2026-01-03")
        .doesNotContain("2026-01-02");
  }

  @Test
  void pages_withoutAnyRun_sayThat() throws IOException {
    assertThat(new FaultPages(project).generated("load-tests/README.md"))
        .isEqualTo(
            "before\n<!-- fault-results -->\nNo run is recorded.\n<!-- /fault-results -->\nafter\n");
    assertThat(new FaultPages(project).generated("README.zh-CN.md")).contains("尚无运行记录。");
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md", "load-tests/README.md"})
  void page_showsWhatWasRecorded(String page) throws IOException {
    assertThat(PROJECT.resolve(page))
        .as("LoadTests figures --write makes it")
        .hasContent(new FaultPages(PROJECT).generated(page));
  }
}
