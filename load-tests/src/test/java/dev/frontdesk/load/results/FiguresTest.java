// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

  /** Lines as the scenarios print them whose runs may not be recorded yet. */
  @Test
  void templates_readWhatScenariosPrint() {
    assertThat(
            value(
                "baselines 5",
                "gateway to bare handler min 0.101 median 0.102 max 0.103",
                "gateway to bare XADD min 0.301 median 0.302 max 0.303",
                "gateway to bare commit min 0.701 median 0.702 max 0.703"))
        .isEqualTo("0.101 / 0.102 / 0.103; 0.301 / 0.302 / 0.303; 0.701 / 0.702 / 0.703");
    assertThat(
            value(
                "delivery",
                "load 4000/s for 60 s, achieved 3999/s, sent after its plan p50 0.1 ms p99 0.2 ms",
                "fsync under load p50 2.4 ms p99 5.5 ms max 9.0 ms (12) (between p50 1 ms)",
                "message of an assigned conversation at its agent's poll p50 5.1 ms p99 19.5 ms max"
                    + " 20.0 ms (9); those that met no rewriting p50 5.0 ms p99 18.5 ms max 19 ms",
                "offer of a new conversation at an agent's poll p50 9.1 ms p99 39.5 ms max 50 ms"
                    + " (9); those that met no rewriting, nor the 5 s after one p50 9.0 ms p99 38.5 ms max 40 ms"))
        .isEqualTo("5.1, 19.5, 18.5 ms; 9.1, 39.5, 38.5 ms; 5.5 ms");
    assertThat(
            value(
                "wake 10000",
                "messages accepted 10000 of 10000, the last 0.98 s after the first was sent",
                "polls answered with their message 10000; lost wake-ups 0",
                "all answered 1.20 s after the first was sent; from the planned send to the answer"
                    + " p50 1.2 ms p99 333.4 ms max 5.6 ms (789)"))
        .isEqualTo("0; 1.20 s; 333.4 ms");
    assertThat(
            value(
                "idle",
                "10000 idle long-polls: gateway resident 180.0 MiB before, 280.0 MiB with them;"
                    + " bytes per long-poll resident 10486, heap 4000, Redis 0",
                "10000 idle sockets: gateway resident 180.0 MiB before, 280.0 MiB with them;"
                    + " bytes per socket resident 12000, heap 4000, Redis 0"))
        .isEqualTo("10486; 12000");
    assertThat(
            value(
                "generate peak",
                "ceiling 7000/s (closed loop, 64 callers)",
                "100%           7000       6990       10      0         1-2      0      0",
                "120%           8400       7100     1300      7         1-2      0      0",
                "recovery: p99 at most 2 times 4.5 ms after 3 s"))
        .isEqualTo("8400/s, 7100/s, 1300 and 7; after 3 s");
    assertThat(
            value(
                "cluster 2",
                phase(44, "kill", 4.5, 9, 0),
                phase(44, "the slot of a workspace moved, there and back", 5.5, 0, 0),
                phase(44, "waitReplicas 1: killed, 300 ms behind", 6.25, 0, 0)))
        .isEqualTo("6.25 s; 0; 0");
    assertThat(
            value(
                "cluster",
                phase(44, "the slot of a workspace moved, there and back", 7.5, 0, 3),
                phase(44, "waitReplicas 1: nothing happens", 0.25, 2, 0)))
        .isEqualTo("7.50 s; 3; 2");
    assertThat(
            value(
                "sentinel",
                phase(44, "sentinel, waitReplicas 0: killed, 300 ms behind", 2.88, 313, 0),
                phase(44, "sentinel, waitReplicas 1: killed, 300 ms behind", 13.59, 0, 0)))
        .isEqualTo("2.88 s, 13.59 s; 313, 0");
    assertThat(
            value(
                "upgrade 6de6a6d",
                phase(32, "this version by itself", 0.25, 0, 0),
                phase(32, "the older by this version", 1.5, 0, 0),
                phase(32, "this version by the older again", 0.5, 0, 0)))
        .isEqualTo("1.50 s; 0; 0");
    assertThat(
            value(
                "soak",
                soak(
                    " <= 1 (least squares +0.15 %, 10 points)",
                    "ledger accepted=5000000 refused=12 unknown=3 stored=5000002 lost=0"
                        + " duplicated=0 unexpected=0 gaps=0")))
        .isEqualTo("+0.12 %, -0.03 %, +0.40 %; 61 → 62; 5,000,000, 0, 0");
    assertThat(
            value(
                "ratio 5",
                "memory: without a load 97.5 % (held 1, new 2; loaded: guessed wrong 3)"))
        .isEqualTo("97.5 %");
  }

  /** A row of the table of a cluster, of sentinels (44) or of an upgrade (32). */
  private static String phase(int width, String name, double outage, int lost, int twice) {
    String row = "%-" + width + "s %9d %8d %6d %8d %9.2f %6d %6d";
    return String.format(Locale.ROOT, row, name, 10, 9, 8, 7, outage, lost, twice);
  }

  /** What a soak prints at its end. */
  private static String[] soak(String judged, String ledger) {
    return new String[] {
      "ceiling 4000/s (while warming up 2500/s); 30 minutes at 2800/s, conversations kept 120 s"
          + " after closing",
      "heap after collection: mean 150.1 MB, slope +0.12 % per 10 minutes" + judged,
      "direct memory: mean 40.0 MB, slope -0.03 % per 10 minutes" + judged,
      "Redis data: mean 20.0 MB, slope +0.40 % per 10 minutes" + judged,
      "Redis used_memory: mean 900.0 MB, slope +9.99 % per 10 minutes (least squares +9.99 %,"
          + " 20 points)",
      "descriptors without connections of clients: 61, at the end 62",
      ledger
    };
  }

  @Test
  void soak_whoseSlopesAreNotJudged_hasNoRow() {
    Block block =
        new Block(
            "LoadTests soak 2",
            List.of(soak(" (not judged) (least squares +0.15 %, 3 points)", "ledger accepted=1")));

    assertThat(FigureTemplates.all()).noneMatch(template -> template.fits(block));
  }

  private static String value(String command, String... lines) {
    Block block = new Block("LoadTests " + command, List.of(lines));
    for (FigureTemplate template : FigureTemplates.all()) {
      boolean told = template.lines().stream().allMatch(line -> line.matcher(block.text()).find());
      if (template.fits(block) && told) {
        return template.row(block).value();
      }
    }
    throw new AssertionError("no template reads " + block);
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
  void template_ofALineThatOlderRunsLack_fitsOnlyRunsThatHaveIt() {
    FigureTemplate template =
        FigureTemplate.of("x", "hits (?<hits>\\d+)", "f", "z", "${hits}").whereTold();

    assertThat(template.fits(new Block("LoadTests x", List.of("lost 3")))).isFalse();
    assertThat(template.fits(new Block("LoadTests x", List.of("hits 3")))).isTrue();
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

  /** The head of a file is as old as its first run: what a run says of itself is nearer. */
  @Test
  void machine_isThatOfARunThatSaysIt_beforeThatOfTheFile() throws IOException {
    write("2026-01-01", 10, "the run");
    Path file = folder.resolve("load-tests/results/2026-01-01.txt");
    Files.writeString(
        file,
        "Figures: two cores of the file, Redis 6.0.0.\n"
            + Files.readString(file)
            + "\n$ LoadTests decision-cost\n(commit 1234567; busy)\n"
            + "dearest to cheapest: decision 1.24, with arrival and release 1.35, expected 1.3\nCLEAN\n");
    Files.writeString(
        folder.resolve("README.md"), "<!-- figures -->\nold\n<!-- /figures -->\nend\n");

    assertThat(new Figures(folder).generated("README.md"))
        .contains("Machine: 2 cores of the run, Redis 7.0.15.", "| 1.24 |");
  }

  private void write(String date, int bytes, String machine) throws IOException {
    Path results = Files.createDirectories(folder.resolve("load-tests/results"));
    Path written =
        Files.writeString(
            results.resolve(date + ".txt"),
            String.format(
                Locale.ROOT,
                """
            Figures.

            $ LoadTests footprint
            (commit 1234567; 2 cores of %s, Redis 7.0.15, Java 17)
            start to first accepted webhook 2.00 s (listening after 1 s), idle RSS 100 MiB
            per open conversation with 3 messages, everything included: %d; per timer 3; per remembered id 4
            CLEAN
            """,
                machine,
                bytes));
    assertThat(written).exists();
  }
}
