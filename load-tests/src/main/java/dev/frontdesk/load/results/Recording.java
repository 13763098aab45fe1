// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps what a run prints and, if it ended as it should, puts it into the results of the day with
 * commit and machine. A run that is not clean is no result; a control, which has to fail, is none
 * when it does not.
 */
public final class Recording {

  private static final Pattern CONTROL = Pattern.compile("crash-redis \\d+ everysec");

  /** Lines that say how far a run is. */
  private static final Pattern PROGRESS =
      Pattern.compile("(kill|power cut) \\d+ and back: .*|kept /.*");

  private static final Pattern FOLDER = Pattern.compile("(?<=^seed \\d{1,20}), folder \\S+");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Path project;

  /** {@code project}: its folder. */
  public Recording(Path project) {
    this.project = project;
  }

  /** A stream that prints to another one and is kept. */
  public PrintStream over(PrintStream out) {
    return new PrintStream(
        new OutputStream() {
          @Override
          public void write(int one) {
            out.write(one);
            printed.write(one);
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            out.write(bytes, from, length);
            printed.write(bytes, from, length);
          }

          @Override
          public void flush() {
            out.flush();
          }
        },
        true,
        StandardCharsets.UTF_8);
  }

  /**
   * Ends a run.
   *
   * @param arguments the scenario and what follows it
   * @param clean how it ended
   * @param date the day
   * @return what was done, in a line
   */
  public String end(List<String> arguments, boolean clean, LocalDate date) throws IOException {
    String scenario = String.join(" ", arguments);
    boolean control = CONTROL.matcher(scenario).matches();
    if (clean == control) {
      return "not recorded: "
          + (control ? "the control lost nothing" : "only a clean run is a result");
    }
    Path file = project.resolve("load-tests/results/" + date + ".txt");
    ResultsFile before = ResultsFile.read(file);
    ResultsFile named =
        before.head().isEmpty() ? new ResultsFile(List.of(head(date)), before.blocks()) : before;
    List<String> lines = new ArrayList<>();
    lines.add(new Machine(project).line());
    lines.addAll(kept(printed.toString(StandardCharsets.UTF_8)));
    Path written =
        Files.writeString(file, named.with(new Block(Figures.COMMAND + scenario, lines)).text());
    return "recorded in " + project.relativize(written) + "; next: LoadTests figures --write";
  }

  private static String head(LocalDate date) {
    return "Figures of "
        + date
        + ". Each block: the command, commit and machine, the last lines as they were printed.";
  }

  /** Without progress, empty lines and names of temporary folders. */
  static List<String> kept(String printed) {
    return printed
        .lines()
        .map(line -> FOLDER.matcher(line).replaceFirst("").stripTrailing())
        .filter(line -> !line.isEmpty() && !PROGRESS.matcher(line).matches())
        .toList();
  }
}
