// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No figure is written by hand: pages show what was recorded. */
class FiguresTest {

  private static final Path PROJECT = Figures.project();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void page_showsWhatWasRecorded(String page) throws IOException {
    assertThat(PROJECT.resolve(page))
        .as("LoadTests figures --write makes it")
        .hasContent(new Figures(PROJECT).generated(page));
  }

  @Test
  void templates_readTheRunsThatTheyFit() throws IOException {
    int rows = 0;
    for (Path file : ResultsFile.all(PROJECT.resolve("load-tests/results"))) {
      for (Block block : ResultsFile.read(file).blocks()) {
        for (FigureTemplate template : FigureTemplates.all()) {
          if (template.fits(block)) {
            FigureTemplate.Row row = template.row(block);
            assertThat(row.figure() + row.zh() + row.value()).doesNotContain("${", "|");
            rows++;
          }
        }
      }
    }
    assertThat(rows).isGreaterThan(12);
  }

  @Test
  void template_putsWhatItFindsIntoItsTexts() {
    FigureTemplate template =
        FigureTemplate.of(
                "clocks( .*)?",
                "(?<clocks>\\d+) clocks",
                "${clocks:,} clocks",
                "${clocks} 个",
                "${worst:max}, ${share:%}")
            .and("took (?<worst>[\\d.]+)")
            .and("share (?<share>[\\d.]+)");
    Block block =
        new Block(
            "LoadTests clocks 5   (a remark)",
            List.of("1000000 clocks", "took 2.5", "took 10.5", "took 3", "share 0.125"));

    FigureTemplate.Row row = template.row(block);

    assertThat(template.fits(block)).isTrue();
    assertThat(template.fits(new Block("LoadTests clocksomething", List.of()))).isFalse();
    assertThat(template.fits(new Block("./frontdesk demo", List.of()))).isFalse();
    assertThat(row)
        .isEqualTo(
            new FigureTemplate.Row(
                "1,000,000 clocks", "1000000 个", "10.5, 12.5 %", "LoadTests clocks 5"));
  }

  @Test
  void run_thatWasNotClean_isSpoilt_unlessItHasToBe() {
    FigureTemplate template = FigureTemplate.of("x", "lost (?<lost>\\d+)", "f", "z", "${lost}");
    Block block = new Block("LoadTests x", List.of("lost 3", "NOT CLEAN"));

    assertThat(template.isSpoilt(block)).isTrue();
    assertThat(template.asControl().isSpoilt(block)).isFalse();
    assertThat(template.isSpoilt(new Block("LoadTests x", List.of("lost 3", "CLEAN")))).isFalse();
  }

  @Test
  void template_withoutItsLine_namesRunAndPattern() {
    FigureTemplate template = FigureTemplate.of("x", "lost (?<lost>\\d+)", "f", "z", "${lost}");

    assertThatThrownBy(() -> template.row(new Block("LoadTests x", List.of("nothing"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LoadTests x")
        .hasMessageContaining("lost");
  }

  @Test
  void table_takesTheNewestRunOfEachKind() throws IOException {
    write("2026-01-01", 10, "one");
    write("2026-01-02", 20, "two");
    Files.writeString(
        folder.resolve("load-tests/results/2026-01-03-faults.txt"), "$ LoadTests footprint\n");
    Files.writeString(
        folder.resolve("README.md"), "# x\n<!-- figures -->\nold\n<!-- /figures -->\nend\n");

    String page = new Figures(folder).generated("README.md");

    assertThat(page)
        .startsWith("# x\n<!-- figures -->\nMachine: 2 cores of two, Redis 7.0.15. One run each")
        .contains("| 20, 3, 4 | `LoadTests footprint` |")
        .contains("[2026-01-02](load-tests/results/2026-01-02.txt)")
        .doesNotContain("2026-01-01", "old", "faults")
        .endsWith("<!-- /figures -->\nend\n");
  }

  private void write(String date, int bytes, String machine) throws IOException {
    Path results = Files.createDirectories(folder.resolve("load-tests/results"));
    Path written =
        Files.writeString(
            results.resolve(date + ".txt"),
            """
            Figures.

            $ LoadTests footprint
            (commit 1234567; 2 cores of %s, Redis 7.0.15, Java 17)
            start to first accepted webhook 2.00 s (listening after 1 s), idle RSS 100 MiB
            per open conversation with 3 messages, everything included: %d; per timer 3; per remembered id 4
            CLEAN
            """
                .formatted(machine, bytes));
    assertThat(written).exists();
  }
}
