// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.LeftBehind;
import dev.frontdesk.load.results.Figures;
import dev.frontdesk.load.results.Machine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The command line of the fault runner: {@code load-tests/faults [--record] [ID …]}. */
public final class Faults {

  /** A row with its control; two minutes are for a machine that is busy with something else. */
  private static final long LONGEST_SECONDS = 240;

  private static final Set<String> OPTIONS = Set.of("--record", "--list", "--page");

  private static final String USAGE =
      """
      load-tests/faults [--record] [ID|PREFIX ...]
                                   runs rows of the fault catalogue: R-04, all of R, all of G-0;
                                   without any of these all of them. --record puts each row into
                                   load-tests/results/DATE-faults.txt, in the place of its last run
      load-tests/faults --list [ID|PREFIX ...]
                                   what rows there are
      load-tests/faults --page [ID|PREFIX ...]
                                   the same as the table of README.md
      Options of the JVM by FAULTS_JAVA_OPTS: -Dseed=N, -Dkeep (keeps the folder with logs and data)
      """;

  private Faults() {}

  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Path folder = Files.createTempDirectory("fd-faults").toRealPath();
    LeftBehind.endWithThisProcess(folder);
    int code = 1;
    try {
      code = run(List.of(args), folder, out);
    } finally {
      if (code == 1 || System.getProperty("keep") != null) {
        out.println("kept " + folder);
      } else {
        delete(folder);
      }
    }
    System.exit(code);
  }

  /** 0: every row that was asked for passed; 1: not so; 2: wrong usage. */
  static int run(List<String> args, Path folder, PrintStream out) throws IOException {
    Catalogue catalogue = new Catalogue(folder);
    if (args.contains("--help") || args.contains("-h")) {
      out.print(USAGE);
      return 0;
    }
    boolean recorded = args.contains("--record");
    List<String> names = args.stream().filter(arg -> !OPTIONS.contains(arg)).toList();
    for (String name : names) {
      if (catalogue.rows().stream().noneMatch(row -> isNamed(row, name))) {
        out.println("there is no row " + name + ", load-tests/faults --list names them all");
        return 2;
      }
    }
    if (args.contains("--list")) {
      asked(catalogue.rows(), names).forEach(row -> out.println(listed(row)));
      return 0;
    }
    if (args.contains("--page")) {
      out.print(page(asked(catalogue.rows(), names)));
      return 0;
    }
    long seed = Long.getLong("seed", System.nanoTime());
    out.println("seed " + seed + ", folder " + folder);
    FaultRunner runner = new FaultRunner(folder, out, seed, LONGEST_SECONDS);
    List<FaultRow> asked = asked(catalogue.rows(), names);
    List<Result> results =
        recorded ? recorded(runner, asked, catalogue.rows(), folder, out) : runner.run(asked);
    return judge(results, names, out);
  }

  /** The rows that are named by an id or its beginning, in the order of the catalogue. */
  static List<FaultRow> asked(List<FaultRow> rows, List<String> names) {
    return rows.stream()
        .filter(row -> names.isEmpty() || names.stream().anyMatch(name -> isNamed(row, name)))
        .toList();
  }

  private static boolean isNamed(FaultRow row, String name) {
    return row.id().startsWith(name.toUpperCase(Locale.ROOT));
  }

  /** Each row is in the file once it has ended, so that a run may be broken off. */
  private static List<Result> recorded(
      FaultRunner runner,
      List<FaultRow> asked,
      List<FaultRow> catalogue,
      Path folder,
      PrintStream out)
      throws IOException {
    Path project = Figures.project();
    Machine machine = new Machine(project);
    String line = machine.line();
    String commit = machine.commit().replace(" with ", "+");
    FaultsFile file =
        FaultsFile.of(project.resolve("load-tests/results"), LocalDate.now(ZoneOffset.UTC));
    List<Result> results =
        runner.run(
            asked,
            result ->
                file.put(
                    RecordedRow.of(result, commit)
                        .without(folder.toString(), "FOLDER")
                        .without(project.toString(), "PROJECT"),
                    line,
                    catalogue));
    out.println(
        "recorded in " + project.relativize(file.path()) + "; next: LoadTests figures --write");
    return results;
  }

  /** A row that nothing covers counts against a run only if its id was named. */
  static int judge(List<Result> results, List<String> names, PrintStream out) {
    long passed = count(results, Result.Outcome.PASS);
    long failed = count(results, Result.Outcome.FAIL);
    long uncovered = count(results, Result.Outcome.NOT_COVERED);
    out.println(
        String.format(
            Locale.ROOT,
            "faults rows=%d passed=%d failed=%d not-covered=%d",
            results.size(),
            passed,
            failed,
            uncovered));
    boolean named =
        results.stream()
            .filter(result -> result.outcome() == Result.Outcome.NOT_COVERED)
            .anyMatch(result -> names.stream().anyMatch(result.id()::equalsIgnoreCase));
    return failed == 0 && !named ? 0 : 1;
  }

  private static long count(List<Result> results, Result.Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }

  /** A line of the list: how the row is covered, and its control. */
  static String listed(FaultRow row) {
    String control = row.control().isEmpty() ? "" : "; control: " + row.control();
    return String.format(Locale.ROOT, "%-5s %s (%s%s)", row.id(), row.title(), how(row), control);
  }

  private static String how(FaultRow row) {
    if (row instanceof TestedRow tested) {
      return "test: " + String.join(", ", tested.tests());
    }
    return row instanceof UncoveredRow uncovered
        ? "not covered: " + uncovered.reason()
        : "processes";
  }

  /** All rows as the table of the page. */
  static String page(List<FaultRow> rows) {
    StringBuilder page = new StringBuilder("| id | fault | run as | control, which must fail |\n");
    page.append("|---|---|---|---|\n");
    for (FaultRow row : rows) {
      page.append("| ").append(row.id()).append(" | ").append(row.title()).append(" | ");
      page.append(how(row)).append(" | ").append(row.control()).append(" |\n");
    }
    return page.toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
