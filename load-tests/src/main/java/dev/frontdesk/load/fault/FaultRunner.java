// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs rows one after the other, each with its control, and tells what became of them. */
final class FaultRunner {

  /** No row takes longer: what hangs is a failure, s. */
  private final long longestSeconds;

  private final Path folder;
  private final PrintStream out;
  private final long seed;

  FaultRunner(Path folder, PrintStream out, long seed, long longestSeconds) {
    this.folder = folder;
    this.out = out;
    this.seed = seed;
    this.longestSeconds = longestSeconds;
  }

  /** Who is told of a result as soon as it is known. */
  interface Listener {
    void ended(Result result) throws IOException;
  }

  /** Runs them in that order; each line is printed when it is known. */
  List<Result> run(List<FaultRow> rows) throws IOException {
    return run(rows, result -> {});
  }

  /** The same, and each result is told when it is known. */
  List<Result> run(List<FaultRow> rows, Listener listener) throws IOException {
    rows.forEach(
        row -> {
          if (row instanceof TestedRow tested) {
            tested.plan();
          }
        });
    List<Result> results = new ArrayList<>();
    for (FaultRow row : rows) {
      if (row instanceof TestedRow tested) {
        tested.prepare();
      }
      Result result = run(row);
      results.add(result);
      out.println(result.line());
      listener.ended(result);
    }
    return results;
  }

  private Result run(FaultRow row) throws IOException {
    long began = System.nanoTime();
    Findings found = new Findings();
    String told = "";
    boolean proved = true;
    try {
      attempt(row, found, false);
      if (!row.control().isEmpty() && found.hold()) {
        Findings without = new Findings();
        attempt(row, without, true);
        proved = proves(row, without);
        told = "(" + row.control() + ") " + verdict(row, without, proved) + without;
      }
    } catch (NotCovered e) {
      return new Result(
          row.id(), row.title(), Result.Outcome.NOT_COVERED, 0, String.valueOf(e.getMessage()), "");
    }
    double seconds = row.secondsBefore() + (System.nanoTime() - began) / 1e9;
    Result.Outcome outcome = found.hold() && proved ? Result.Outcome.PASS : Result.Outcome.FAIL;
    return new Result(row.id(), row.title(), outcome, seconds, found.toString(), told);
  }

  /** Only by a figure that shows what was taken away: a busy machine makes others fail. */
  private static boolean proves(FaultRow row, Findings control) {
    return control.complete() && !Collections.disjoint(control.missed(), row.missedByControl());
  }

  private static String verdict(FaultRow row, Findings control, boolean proved) {
    if (proved) {
      return "fails as it must: ";
    }
    return "DID NOT FAIL by "
        + String.join(" or ", new TreeSet<>(row.missedByControl()))
        + (control.complete() ? ": " : " but broke: ");
  }

  private void attempt(FaultRow row, Findings found, boolean control) throws IOException {
    Path own = Files.createDirectories(folder.resolve(row.id() + (control ? "-control" : "")));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Rig rig = new Rig(own, seed);
    try {
      var ended =
          thread.submit(
              () -> {
                row.run(rig, found, control);
                return found;
              });
      Findings same = ended.get(longestSeconds, TimeUnit.SECONDS);
      assert same == found;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotCovered reason) {
        throw reason;
      }
      found.broken(e);
    } catch (TimeoutException e) {
      found.broken(new IllegalStateException("it did not end within " + longestSeconds + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      thread.shutdownNow();
      rig.close();
    }
  }
}
