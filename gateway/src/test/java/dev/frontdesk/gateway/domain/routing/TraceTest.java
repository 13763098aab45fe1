// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shares of the reference simulation (traces/README.md), within a hundredth. */
class TraceTest {

  private static final Duration NO_BOUND = Duration.ofDays(1000);

  @ParameterizedTest
  @CsvSource({
    "normal,   fifo, 0.1, 0.947",
    "busy,     fifo, 0.1, 0.564",
    "overload, fifo, 0.1, 0.458",
    "double11, fifo, 0.1, 0.678",
    "normal,   keep-promises, 0.1, 0.998",
    "busy,     keep-promises, 0.1, 0.983",
    "overload, keep-promises, 0.1, 0.931",
    "double11, keep-promises, 0.1, 0.888",
    "normal,   keep-promises, 0, 0.998",
    "busy,     keep-promises, 0, 0.989",
    "overload, keep-promises, 0, 0.956",
    "double11, keep-promises, 0, 0.904"
  })
  void keptShare_onTrace_isThatOfTheReference(
      String trace, String policy, double lateShare, double expected) throws IOException {
    RoutingPolicy subject = RoutingPolicy.named(policy, lateShare, NO_BOUND);

    TraceSimulation.Result result =
        new TraceSimulation(subject, 30).play(TraceSimulation.trace(trace));

    assertThat(result.weightedKeptShare())
        .as(trace + " " + policy)
        .isCloseTo(expected, within(0.01));
  }
}
