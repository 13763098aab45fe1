// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The command line of the fault runner: {@code load-tests/faults [ID …]}. */
public final class Faults {

  /** A row with its control; two minutes are for a machine that is busy with something else. */
  private static final long LONGEST_SECONDS = 240;

  private static final String USAGE =
      """
      load-tests/faults [ID ...]   runs rows of the fault catalogue, without an id all of them
      load-tests/faults --list     what rows there are
      load-tests/faults --page     the same as the table of README.md
      Options of the JVM by FAULTS_JAVA_OPTS: -Dseed=N, -Dkeep (keeps the folder with logs and data)
      """;

  private Faults() {}

  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Path folder = Files.createTempDirectory("fd-faults");
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
    if (args.contains("--list")) {
      catalogue.rows().forEach(row -> out.println(listed(row)));
      return 0;
    }
    if (args.contains("--page")) {
      out.print(page(catalogue.rows()));
      return 0;
    }
    List<FaultRow> asked = new ArrayList<>();
    for (String arg : args) {
      List<FaultRow> found =
          catalogue.rows().stream().filter(row -> row.id().equalsIgnoreCase(arg)).toList();
      if (found.isEmpty()) {
        out.println("there is no row " + arg + ", load-tests/faults --list names them all");
        return 2;
      }
      asked.addAll(found);
    }
    long seed = Long.getLong("seed", System.nanoTime());
    out.println("seed " + seed + ", folder " + folder);
    List<Result> results =
        new FaultRunner(folder, out, seed, LONGEST_SECONDS)
            .run(args.isEmpty() ? catalogue.rows() : asked);
    return judge(results, !args.isEmpty(), out);
  }

  /** A row that nothing covers counts against a run only if it was named. */
  static int judge(List<Result> results, boolean named, PrintStream out) {
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
    return failed == 0 && (uncovered == 0 || !named) ? 0 : 1;
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
