// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a step says of its calls, and what makes a run not clean. */
class StepFiguresTest {

  private static final Sender.Answer OK = new Sender.Answer(200, 0);

  private final StepFigures figures = new StepFigures(new SendPlan(100, 200));

  private static long millis(long number) {
    return TimeUnit.MILLISECONDS.toNanos(number);
  }

  private void calls(int number, int from, long lagMillis, Sender.Answer answer) {
    for (int i = from; i < from + number; i++) {
      figures.sent(millis(lagMillis));
      figures.answered(figures.plan().at(i), millis(lagMillis + 5), answer);
    }
  }

  private List<String> faults(int percent, int blocked) {
    Judgement judgement = new Judgement();
    judgement.step("step", percent, figures, blocked);
    return judgement.faults();
  }

  @Test
  void step_thatWasAnswered_isClean_andShowsItsFigures() {
    calls(190, 0, 1, OK);
    calls(10, 190, 1, new Sender.Answer(503, 2));
    figures.ended(millis(2_000));

    assertThat(figures.isAnswered()).isTrue();
    assertThat(faults(120, 3)).isEmpty();
    assertThat(figures.row("120%", 3)).startsWith("120%").contains(" 95 ", " 10 ", " 2-2 ");
  }

  @Test
  void generator_lateWithMoreThanAHundredth_showsNoFigures_andIsNotClean() {
    calls(197, 0, 1, OK);
    calls(3, 197, 80, OK);
    figures.ended(millis(2_000));

    assertThat(figures.late()).isEqualTo(3);
    assertThat(figures.row("50%", 0))
        .contains("generator fell behind: 3 of 200")
        .doesNotContain("p50");
    assertThat(faults(50, 0)).containsExactly("step: the generator fell behind");
  }

  @Test
  void generator_lateWithAHundredth_isNotBehind() {
    calls(198, 0, 1, OK);
    calls(2, 198, 80, OK);

    assertThat(figures.fellBehind()).isFalse();
  }

  @Test
  void calls_thatWereNeverMade_areTheGeneratorsFault() {
    calls(190, 0, 1, OK);
    for (int i = 190; i < 200; i++) {
      figures.answered(
          figures.plan().at(i), millis(5_000), new Sender.Answer(Sender.Answer.UNMADE, 0));
    }

    assertThat(figures.late()).isEqualTo(10);
    assertThat(figures.noAnswer()).isZero();
    assertThat(figures.row("50%", 0)).contains("10 not made");
    assertThat(faults(50, 0))
        .containsExactly("step: the generator fell behind", "step: 10 calls were not made");
  }

  @Test
  void oneCallThatWasNeverMade_isNotClean() {
    calls(199, 0, 1, OK);
    calls(1, 199, 1, new Sender.Answer(Sender.Answer.UNMADE, 0));

    assertThat(faults(50, 0)).containsExactly("step: 1 calls were not made");
  }

  @Test
  void shedding_isForOverloadOnly_andThereItIsAMust() {
    calls(199, 0, 1, OK);
    assertThat(faults(120, 0)).containsExactly("step: nothing was shed");

    calls(1, 199, 1, new Sender.Answer(503, 2));
    assertThat(faults(80, 0)).containsExactly("step: 1 calls were shed");
    assertThat(faults(100, 0)).isEmpty();
    assertThat(faults(120, 0)).isEmpty();
  }

  @Test
  void answers_thatAreNoShedding_areNotClean() {
    calls(197, 0, 1, OK);
    calls(1, 197, 1, new Sender.Answer(500, 0));
    calls(1, 198, 1, new Sender.Answer(503, 0));
    calls(1, 199, 1, new Sender.Answer(0, 0));

    assertThat(faults(100, 0))
        .containsExactly(
            "step: answered {500=1}",
            "step: 1 calls without an answer",
            "step: 1 without Retry-After");
  }

  @Test
  void blockedLoop_upToTheCeiling_isNotClean() {
    calls(200, 0, 1, OK);

    assertThat(faults(100, 1)).containsExactly("step: 1 warnings about blocked loops");
    assertThat(faults(101, 1)).isEmpty();
  }

  @Test
  void p99_isKeptByTheSecondOfThePlan() {
    calls(100, 0, 1, OK);
    calls(100, 100, 95, OK);

    List<Double> seconds = figures.p99BySecond();

    assertThat(seconds).hasSize(2);
    assertThat(seconds.get(0)).isBetween(5.9, 6.1);
    assertThat(seconds.get(1)).isBetween(99.0, 101.0);
  }

  @Test
  void recovery_isTheSecondFromWhichOnAllAreAsQuickAsTwiceTheFirstStep() {
    assertThat(Recovery.seconds(5, List.of(300.0, Double.NaN, 10.1, 10.0, 4.0))).isEqualTo(4);
    assertThat(Recovery.seconds(5, List.of(9.0, 300.0, 9.0))).isEqualTo(3);
    assertThat(Recovery.seconds(5, List.of(9.0, 9.0, 300.0))).isEqualTo(-1);
    assertThat(Recovery.seconds(5, List.of(9.0))).isEqualTo(1);
    assertThat(Recovery.seconds(5, List.of(300.0, Double.NaN))).isEqualTo(-1);
  }
}
