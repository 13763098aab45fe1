// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables of figures in README.md and README.zh-CN.md, made of the newest recorded run of each
 * kind: none of them is written by hand.
 */
public final class Figures {

  /** How a recorded command of this program begins. */
  static final String COMMAND = "LoadTests ";

  /** The pages that have a table. */
  public static final List<String> PAGES = List.of("README.md", "README.zh-CN.md");

  private static final String RESULTS = "load-tests/results";
  private static final Pattern PLACE =
      Pattern.compile("(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", Pattern.DOTALL);
  private static final Pattern MACHINE =
      Pattern.compile("(?:\\w+|\\d+) cores of [^\\n]*?Redis [\\d.]*\\d");

  private static final Comparator<Recorded> NEWER =
      Comparator.comparing(Recorded::date).thenComparing(Recorded::measured);

  private final Path project;

  /** Of the project in a folder. */
  public Figures(Path project) {
    this.project = project;
  }

  /**
   * A run and the file it stands in.
   *
   * @param measured whether the run itself says its machine: what the file says may be older
   */
  private record Recorded(Block block, String date, String machine, boolean measured) {}

  /**
   * The project that this folder is in.
   *
   * @throws IllegalStateException if it is in none
   */
  public static Path project() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(RESULTS))) {
        return at;
      }
    }
    throw new IllegalStateException("no " + RESULTS + " here or above");
  }

  /** Prints the English table, and puts both into their pages if asked to. */
  public void print(PrintStream out, boolean write) throws IOException {
    out.print(table("README.md"));
    if (write) {
      for (String page : PAGES) {
        Path written = Files.writeString(project.resolve(page), generated(page));
        out.println("written: " + project.relativize(written));
      }
    }
  }

  /** A page with the table that it should have. */
  public String generated(String page) throws IOException {
    String text = Files.readString(project.resolve(page));
    Matcher place = PLACE.matcher(text);
    if (!place.find()) {
      throw new IllegalStateException(page + " has no <!-- figures --> … <!-- /figures -->");
    }
    return place.replaceFirst(Matcher.quoteReplacement(table(page)));
  }

  private String table(String page) throws IOException {
    boolean chinese = page.contains("zh");
    Map<FigureTemplate, Recorded> newest = newest();
    StringBuilder table = new StringBuilder(introduction(newest.values(), chinese));
    table.append(chinese ? "\n| 数据 | 值 | 命令 |\n" : "\n| figure | value | command |\n");
    table.append("|---|---|---|\n");
    newest.forEach(
        (template, recorded) -> {
          FigureTemplate.Row row = template.row(recorded.block());
          table.append("| ").append(chinese ? row.zh() : row.figure());
          table.append(" | ").append(row.value());
          if (template.isSpoilt(recorded.block())) {
            table.append(chinese ? "（该次运行不干净）" : " (the run was not clean)");
          }
          table.append(" | `").append(row.command()).append("` |\n");
        });
    return table.toString();
  }

  private static String introduction(Iterable<Recorded> runs, boolean chinese) {
    TreeSet<String> dates = new TreeSet<>();
    @Nullable Recorded newest = null;
    for (Recorded run : runs) {
      if (newest == null || NEWER.compare(run, newest) >= 0) {
        newest = run;
      }
      dates.add(run.date());
    }
    String machine = newest == null ? "" : newest.machine();
    List<String> links = new ArrayList<>();
    dates.forEach(date -> links.add("[" + date + "](" + RESULTS + "/" + date + ".txt)"));
    String files = String.join(", ", links);
    return chinese
        ? "机器：" + machine + "。各运行一次，原样输出、提交与机器见 " + files + "。\n"
        : "Machine: "
            + machine
            + ". One run each, printed in full, with commit and machine, in "
            + files
            + ".\n";
  }

  /** The last run of each kind in the newest file that has one, in the order of the rows. */
  private Map<FigureTemplate, Recorded> newest() throws IOException {
    Map<FigureTemplate, Recorded> newest = new LinkedHashMap<>();
    List<Path> files = ResultsFile.all(project.resolve(RESULTS));
    for (FigureTemplate template : FigureTemplates.all()) {
      for (Path file : files) {
        ResultsFile results = ResultsFile.read(file);
        String date = file.getFileName().toString().replace(".txt", "");
        for (Block block : results.blocks()) {
          if (template.fits(block)) {
            String own = machine(block.text());
            String machine = own.isEmpty() ? machine(String.join("\n", results.head())) : own;
            newest.put(template, new Recorded(block, date, machine, !own.isEmpty()));
          }
        }
      }
    }
    return newest;
  }

  /** What a text says of it; empty if nothing. */
  private static String machine(String text) {
    Matcher machine = MACHINE.matcher(text);
    return machine.find() ? machine.group() : "";
  }
}
