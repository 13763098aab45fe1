// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the runner makes of rows that hold, fail, break, hang, or prove nothing. */
class FaultRunnerTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  private interface Script {
    void run(Findings found, boolean control) throws Exception;
  }

  private static FaultRow row(String control, Script script, String... missed) {
    return new ProcessRow("X-01", "a fault", control, missed) {
      @Override
      public void run(Rig rig, Findings found, boolean isControl) throws Exception {
        script.run(found, isControl);
      }
    };
  }

  private Result run(FaultRow row) throws IOException {
    return new FaultRunner(folder, out, 1, 2).run(List.of(row)).get(0);
  }

  @Test
  void row_whoseFiguresHold_passes_andShowsThem() throws IOException {
    Result result = run(row("", (found, control) -> found.equal("lost", 0, 0)));

    assertThat(result.outcome()).isEqualTo(Result.Outcome.PASS);
    assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("X-01  PASS").contains("lost=0");
  }

  @Test
  void row_withAFigureThatDoesNotHold_fails() throws IOException {
    Result result =
        run(
            row(
                "",
                (found, control) -> {
                  found.equal("lost", 0, 3);
                  found.atMost("slowestMs", 10, 5);
                }));

    assertThat(result.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(result.figures()).isEqualTo("!! lost=3 (expected 0) slowestMs=5<=10");
  }

  @Test
  void row_thatThrowsOrHangs_fails() throws IOException {
    Result thrown =
        run(
            row(
                "",
                (found, control) -> {
                  throw new IOException("no gateway");
                }));
    Result hung = run(row("", (found, control) -> new CountDownLatch(1).await()));

    assertThat(thrown.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(thrown.figures()).contains("IOException: no gateway");
    assertThat(hung.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(hung.figures()).contains("did not end within 2 s");
  }

  @Test
  void row_thatEndsByACauseWithoutMessage_saysWhatWaited() throws IOException {
    Result late =
        run(
            row(
                "",
                (found, control) -> {
                  throw new IllegalStateException(
                      "no gateway, see its log", new TimeoutException());
                }));

    assertThat(late.figures()).contains("IllegalStateException: no gateway, see its log");
  }

  @Test
  void control_hasToFail_byAFigureAndNotByBreaking() throws IOException {
    Result proved = run(row("off", (found, control) -> found.equal("lost", 0, control ? 1 : 0)));
    Result notFailing = run(row("off", (found, control) -> found.equal("lost", 0, 0)));
    Result broken =
        run(
            row(
                "off",
                (found, control) -> {
                  if (control) {
                    throw new IOException("no gateway");
                  }
                }));

    assertThat(proved.outcome()).isEqualTo(Result.Outcome.PASS);
    assertThat(proved.control()).contains("fails as it must").contains("lost=1");
    assertThat(notFailing.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(broken.outcome()).isEqualTo(Result.Outcome.FAIL);
  }

  @Test
  void control_thatMissesAnotherFigureOnly_provesNothing() throws IOException {
    Script slowInTheControl =
        (found, control) -> {
          found.equal("stored", 1, control ? 0 : 1);
          found.atMost("slowestMs", 10, control ? 50 : 5);
        };
    Result byAnother = run(row("off", slowInTheControl, "callsAfterwards", "slowestOf9Ms"));
    Result byItsOwn = run(row("off", slowInTheControl, "callsAfterwards", "slowestMs"));
    Result byTheLedger = run(row("off", slowInTheControl));

    assertThat(byAnother.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(byAnother.control())
        .contains("DID NOT FAIL by callsAfterwards or slowestOf9Ms: !! stored=0");
    assertThat(byItsOwn.outcome()).isEqualTo(Result.Outcome.PASS);
    assertThat(byTheLedger.outcome()).isEqualTo(Result.Outcome.FAIL);
    assertThat(byTheLedger.control()).contains("by disordered or duplicated or gaps or lost");
  }

  @Test
  void control_thatCannotRunHere_isARowNotCovered_andTheNextOneRuns() throws IOException {
    FaultRow needs =
        row(
            "off",
            (found, control) -> {
              if (control) {
                throw new NotCovered("needs libfaketime");
              }
              found.equal("lost", 0, 0);
            });
    List<Result> results =
        new FaultRunner(folder, out, 1, 2)
            .run(List.of(needs, row("", (found, control) -> found.equal("lost", 0, 0))));

    assertThat(results)
        .extracting(Result::outcome)
        .containsExactly(Result.Outcome.NOT_COVERED, Result.Outcome.PASS);
    assertThat(results.get(0).figures()).isEqualTo("needs libfaketime");
  }

  @Test
  void uncoveredRow_failsARunOnlyWhenItWasNamed() throws IOException {
    Result uncovered = run(new UncoveredRow("X-02", "another", "no cluster"));

    assertThat(uncovered.outcome()).isEqualTo(Result.Outcome.NOT_COVERED);
    assertThat(uncovered.figures()).isEqualTo("no cluster");
    assertThat(Faults.judge(List.of(uncovered), List.of("X"), out)).isZero();
    assertThat(Faults.judge(List.of(uncovered), List.of("x-02"), out)).isEqualTo(1);
  }

  @Test
  void id_thatIsNone_isSaid_andIsWrongUsage() throws IOException {
    assertThat(Faults.run(List.of("R-99"), folder, out)).isEqualTo(2);
    assertThat(Faults.run(List.of("--list", "R-99"), folder, out)).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("there is no row R-99");
  }

  @Test
  void rows_areAskedForByIdOrItsBeginning_inTheOrderOfTheCatalogue() {
    List<FaultRow> all = new Catalogue(folder).rows();

    assertThat(Faults.asked(all, List.of("p-1", "G-01", "G-0")))
        .extracting(FaultRow::id)
        .containsExactly(
            "G-01", "G-02", "G-03", "G-04", "G-05", "G-06", "G-07", "G-08", "G-09", "P-10");
    assertThat(Faults.asked(all, List.of("R"))).hasSize(20);
    assertThat(Faults.asked(all, List.of())).hasSize(94);
  }

  @Test
  void result_isToldAsSoonAsItIsKnown() throws IOException {
    List<String> told = new ArrayList<>();
    FaultRow first = row("", (found, control) -> told.add("runs"));
    FaultRow second = row("", (found, control) -> told.add("runs"));

    List<Result> results =
        new FaultRunner(folder, out, 1, 2)
            .run(List.of(first, second), result -> told.add(result.outcome().name()));

    assertThat(results).hasSize(2);
    assertThat(told).containsExactly("runs", "PASS", "runs", "PASS");
  }

  @Test
  void list_namesEveryRow() throws IOException {
    assertThat(Faults.run(List.of("--list"), folder, out)).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8).lines()).hasSize(94);
  }
}
