// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The circuit of a channel: pure. */
class ChannelCircuitTest {

  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");

  private static ChannelCircuit afterFailures(int failures) {
    ChannelCircuit circuit = ChannelCircuit.CLOSED;
    for (int i = 0; i < failures; i++) {
      circuit = circuit.failed(T0, 1);
    }
    return circuit;
  }

  @Test
  void failures_belowTheBound_changeNothing() {
    ChannelCircuit circuit = afterFailures(ChannelCircuit.MOST - 1);

    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.admits(T0)).isTrue();
  }

  @Test
  void failures_atTheBound_restUntilExactlyTheEndOfTheRest() {
    ChannelCircuit circuit = afterFailures(ChannelCircuit.MOST);

    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.admits(T0.plus(ChannelCircuit.FIRST).minusMillis(1))).isFalse();
    assertThat(circuit.admits(T0.plus(ChannelCircuit.FIRST))).isTrue();
  }

  @Test
  void whatWasOnItsWay_makesTheRestNoLonger() {
    assertThat(afterFailures(ChannelCircuit.MOST + 50))
        .isEqualTo(afterFailures(ChannelCircuit.MOST));
  }

  @Test
  void tryingIt_isForOne_untilThatOneIsHeardOf() {
    Instant later = T0.plus(ChannelCircuit.FIRST);
    ChannelCircuit tried = afterFailures(ChannelCircuit.MOST).began();

    assertThat(tried.admits(later)).isFalse();
    assertThat(tried.abandoned().admits(later)).isTrue();
    assertThat(tried.failed(later, 1).notBefore())
        .isEqualTo(later.plus(ChannelCircuit.FIRST.multipliedBy(2)));
  }

  /** Against a model that counts failures and knows whether one was sent since the last result. */
  @Test
  void walk_sendsTogetherOnlyWhileClosed_andRestsNeverPassTheLongest() {
    long seed = 20261123;
    Random random = new Random(seed);
    ChannelCircuit circuit = ChannelCircuit.CLOSED;
    Instant now = T0;
    int failuresInARow = 0;
    int onTheirWay = 0;
    boolean alone = false;
    for (int step = 0; step < 20_000; step++) {
      now = now.plusMillis(random.nextInt(2_000));
      String as = "seed " + seed + " step " + step;
      if (onTheirWay > 0 && random.nextInt(3) == 0) {
        onTheirWay--;
        if (random.nextInt(8) == 0) {
          circuit = ChannelCircuit.CLOSED;
          failuresInARow = 0;
        } else {
          circuit = circuit.failed(now, random.nextDouble());
          failuresInARow++;
        }
        alone = false;
      } else if (circuit.admits(now)) {
        boolean closed = failuresInARow < ChannelCircuit.MOST;
        assertThat(closed || !alone).as(as).isTrue();
        circuit = circuit.began();
        alone = !closed;
        onTheirWay++;
      }
      assertThat(circuit.isOpen()).as(as).isEqualTo(failuresInARow >= ChannelCircuit.MOST);
      if (circuit.isOpen()) {
        assertThat(Duration.between(now, circuit.notBefore()))
            .as(as)
            .isLessThanOrEqualTo(ChannelCircuit.LONGEST);
      }
    }
  }
}
