// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  @TempDir Path project;

  @BeforeEach
  void results() throws IOException {
    Path made = Files.createDirectories(project.resolve("load-tests/results"));
    assertThat(made).isDirectory();
  }

  private String end(boolean clean, String printed, String... arguments) throws IOException {
    Recording recording = new Recording(project);
    PrintStream out = recording.over(NOWHERE);
    printed.lines().forEach(out::println);
    return recording.end(List.of(arguments), clean, DAY);
  }

  private ResultsFile recorded() throws IOException {
    return ResultsFile.read(project.resolve("load-tests/results/" + DAY + ".txt"));
  }

  @Test
  void cleanRun_isKeptWithItsMachine_inThePlaceOfTheOneBefore() throws IOException {
    String first =
        end(true, "seed 5, folder fd-1\nkill 1 and back: {}\n\nlost 0 商\nCLEAN", "crash", "20");
    String other = end(true, "other\nCLEAN", "crash", "3");
    String again = end(true, "lost 1\nCLEAN", "crash", "20");

    List<Block> blocks = recorded().blocks();
    assertThat(List.of(first, other, again)).allMatch(said -> said.startsWith("recorded in"));
    assertThat(blocks)
        .extracting(Block::command)
        .containsExactly("LoadTests crash 20", "LoadTests crash 3");
    assertThat(blocks.get(0).lines().get(0))
        .startsWith("(commit ")
        .contains(" cores of ", " GiB; fdatasync of 5 kB ", "; Redis ");
    assertThat(blocks.get(0).lines().subList(1, 3)).containsExactly("lost 1", "CLEAN");
    assertThat(recorded().head()).hasSize(1).first().asString().contains("2026-01-02");
  }

  @Test
  void kept_isWithoutProgressAndFolders() {
    assertThat(
            Recording.kept("seed 5, folder fd-1\nkill 1 and back: {}\n\n round 1  \nkept /tmp/x"))
        .containsExactly("seed 5", " round 1");
  }

  @Test
  void runThatIsNotClean_isNoResult() throws IOException {
    String said = end(false, "lost 1\nNOT CLEAN", "crash", "20");

    assertThat(said).startsWith("not recorded: only a clean run");
    assertThat(recorded().blocks()).isEmpty();
  }

  @Test
  void control_isAResultOnlyIfItFailed() throws IOException {
    String[] control = {"crash-redis", "10", "everysec"};

    String clean = end(true, "lost 0\nCLEAN", control);
    assertThat(clean).startsWith("not recorded: the control lost nothing");
    String failed = end(false, "lost 7\nNOT CLEAN", control);

    assertThat(failed).startsWith("recorded in");
    assertThat(recorded().blocks()).hasSize(1);
    assertThat(recorded().blocks().get(0).isUnclean()).isTrue();
  }

  @Test
  void file_isWrittenAsItWasRead() throws IOException {
    for (Path file : ResultsFile.all(Figures.project().resolve("load-tests/results"))) {
      assertThat(file).hasContent(ResultsFile.read(file).text());
    }
  }

  @Test
  void versions_areComparedByNumber() {
    assertThat(Machine.isNewer("7.0.15", "6.2.6")).isTrue();
    assertThat(Machine.isNewer("6.2.16", "6.2.6")).isTrue();
    assertThat(Machine.isNewer("6.2.6", "6.2.6")).isFalse();
    assertThat(Machine.isNewer("6.2", "6.2.6")).isFalse();
  }
}
