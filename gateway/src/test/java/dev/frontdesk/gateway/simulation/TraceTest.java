// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares on the shared traces (traces/README.md) and on the built-in ones. */
class TraceTest {

  private static final Path TRACES = Path.of("src/test/resources/traces");

  private static Outcome play(String trace, String policy) throws IOException {
    return Simulator.plain()
        .play(
            SimulationFiles.trace(TRACES.resolve(trace + ".csv")),
            SimulationFiles.staff(TRACES.resolve("agents.csv")),
            policy);
  }

  @ParameterizedTest
  @CsvSource({
    "normal,   fifo,   0.947",
    "busy,     fifo,   0.564",
    "overload, fifo,   0.458",
    "double11, fifo,   0.678",
    "normal,   strict, 0.997",
    "busy,     strict, 0.964",
    "overload, strict, 0.811",
    "double11, strict, 0.803",
    "normal,   edf,    0.997",
    "busy,     edf,    0.946",
    "overload, edf,    0.638",
    "double11, edf,    0.699",
    "normal,   ageing, 0.997",
    "busy,     ageing, 0.888",
    "overload, ageing, 0.583",
    "double11, ageing, 0.696"
  })
  void keptShare_onSharedTrace_isThatOfTheReference(String trace, String policy, double expected)
      throws IOException {
    assertThat(play(trace, policy).total().weightedKeptShare())
        .as(trace + " " + policy)
        .isCloseTo(expected, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"normal, 0.995", "busy, 0.985", "overload, 0.940", "double11, 0.900"})
  void keepPromises_onSharedTrace_keepsMoreThanEdfWithALateLane(String trace, double least)
      throws IOException {
    Outcome outcome = play(trace, "keep-promises");

    assertThat(outcome.total().weightedKeptShare()).as(trace).isGreaterThanOrEqualTo(least);
    assertThat(outcome.total().answered()).isEqualTo(outcome.total().arrivals());
    assertThat(outcome.boundDecisions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal", "busy", "overload", "double11", "vip-flood"})
  void keepPromises_onBuiltInTraceAndOthersLikeIt_keepsAtLeastWhatAnyPolicyKeeps(String name) {
    for (long seed = 1; seed <= 3; seed++) {
      Trace trace = seed == 1 ? BuiltInTraces.named(name) : BuiltInTraces.of(name, seed, 30, 1);
      Map<String, Double> shares = new HashMap<>();
      for (Outcome outcome :
          Simulator.plain().compare(trace, Staff.alike(30), RoutingPolicy.NAMES)) {
        shares.put(outcome.policy(), outcome.total().weightedKeptShare());
      }

      double most = shares.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
      assertThat(shares.get("keep-promises"))
          .as(name + " seed " + seed + " " + shares)
          .isGreaterThanOrEqualTo(most - 0.002);
    }
  }

  @Test
  void outcome_ofTheSameInput_isTheSame_howeverManyPlayAtOnce() {
    Trace trace = BuiltInTraces.of("overload", 7, 30, 1);
    List<Outcome> together = Simulator.plain().compare(trace, Staff.alike(30), RoutingPolicy.NAMES);

    for (Outcome outcome : together) {
      assertThat(Simulator.plain().play(trace, Staff.alike(30), outcome.policy()))
          .isEqualTo(outcome);
    }
    assertThat(BuiltInTraces.of("overload", 7, 30, 1)).isEqualTo(trace);
    assertThat(BuiltInTraces.of("overload", 8, 30, 1)).isNotEqualTo(trace);
  }

  @Test
  void lateShareOfNothing_keepsTheMost_andStarvesTheLate() throws IOException {
    Trace trace = SimulationFiles.trace(TRACES.resolve("overload.csv"));
    Simulator frontier =
        new Simulator(new Levers(0, Levers.NO_BOUND, Levers.PLAIN.promises()), Map.of());

    Outcome outcome = frontier.play(trace, Staff.alike(30), "keep-promises");

    assertThat(outcome.total().weightedKeptShare()).isGreaterThan(0.956);
  }
}
