// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What pages say of the fault catalogue, made of the last recorded run of each row. */
public final class FaultPages {

  /** The page with the table; the others have a sentence. */
  static final String TABLE = "load-tests/README.md";

  /** The pages that say something of it. */
  static final List<String> PAGES = List.of(TABLE, "README.md", "README.zh-CN.md");

  private static final String RESULTS = "load-tests/results";
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<=<!-- fault-results -->\n).*?(?=<!-- /fault-results -->)", Pattern.DOTALL);

  private final Path project;

  /** Of the project in a folder. */
  public FaultPages(Path project) {
    this.project = project;
  }

  /** Prints the table, and puts it and the sentences into their pages if asked to. */
  public void print(PrintStream out, boolean write) throws IOException {
    out.print(text(TABLE));
    if (write) {
      for (String page : PAGES) {
        Path written = Files.writeString(project.resolve(page), generated(page));
        out.println("written: " + project.relativize(written));
      }
    }
  }

  /** A page with what it should say. */
  String generated(String page) throws IOException {
    String text = Files.readString(project.resolve(page));
    Matcher place = PLACE.matcher(text);
    if (!place.find()) {
      throw new IllegalStateException(
          page + " has no <!-- fault-results --> … <!-- /fault-results -->");
    }
    return place.replaceFirst(Matcher.quoteReplacement(text(page)));
  }

  private String text(String page) throws IOException {
    LastRuns runs = new LastRuns(project.resolve(RESULTS), new Catalogue(project).rows());
    if (page.contains("zh")) {
      return runs.files().isEmpty() ? "尚无运行记录。\n" : chinese(runs);
    }
    if (runs.files().isEmpty()) {
      return "No run is recorded.\n";
    }
    return page.equals(TABLE) ? english(runs, "results/") + "\n" + table(runs) : english(runs);
  }

  private static String english(LastRuns runs) {
    return english(runs, RESULTS + "/");
  }

  private static String english(LastRuns runs, String folder) {
    Tally tally = runs.tally();
    return String.format(
        Locale.ROOT,
        "The last run of each row, with its commit, in %s: of %d, %d passed, %d failed, %d are not"
            + " covered, %d were not run.%n",
        links(runs, folder),
        tally.all(),
        tally.passed(),
        tally.failed().size(),
        tally.uncovered().size(),
        tally.missing().size());
  }

  private static String chinese(LastRuns runs) {
    Tally tally = runs.tally();
    return String.format(
        Locale.ROOT,
        "各项最近一次运行（注明提交）见 %s：共 %d 项，通过 %d，失败 %d，未覆盖 %d，未运行 %d。%n",
        links(runs, RESULTS + "/"),
        tally.all(),
        tally.passed(),
        tally.failed().size(),
        tally.uncovered().size(),
        tally.missing().size());
  }

  private static String links(LastRuns runs, String folder) {
    return runs.files().entrySet().stream()
        .map(file -> "[" + file.getKey() + "](" + folder + file.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  private static String table(LastRuns runs) {
    StringBuilder table =
        new StringBuilder("| family | rows | passed | failed | not covered | not run |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (Family family : Family.values()) {
      Tally tally = runs.tally(family);
      table.append("| ").append(family).append(" | ").append(tally.all());
      table.append(" | ").append(tally.passed());
      table.append(" | ").append(named(tally.failed()));
      table.append(" | ").append(named(tally.uncovered()));
      table.append(" | ").append(named(tally.missing())).append(" |\n");
    }
    return table.toString();
  }

  /** How many, and which. */
  private static String named(List<String> ids) {
    return ids.isEmpty() ? "0" : ids.size() + " (" + String.join(", ", ids) + ")";
  }
}
