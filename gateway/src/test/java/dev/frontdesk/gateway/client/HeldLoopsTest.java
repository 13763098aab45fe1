// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldLoopsTest {

  private final HeldLoops loops = new HeldLoops();

  private void warning(String time, int millis) {
    assertThat(
            loops.sees(
                "2026-11-11T"
                    + time
                    + "Z WARN Thread vert.x-eventloop-thread-1 has been blocked for "
                    + millis
                    + " ms, time limit is 100 ms exception=\"io.vertx.core.VertxException\""))
        .isFalse();
  }

  private void stop(String time, long nanos) {
    assertThat(
            loops.sees(
                "[2026-11-11T"
                    + time
                    + "+0000] Safepoint \"G1CollectForAllocation\", Time since last: 438594849 ns,"
                    + " Reaching safepoint: 7258 ns, Cleanup: 18108 ns, At safepoint: 1 ns, Total: "
                    + nanos
                    + " ns"))
        .isTrue();
  }

  @Test
  void loop_heldWhileTheJvmStoodStill_isTheJvms_whoeverPrintsFirst() {
    warning("00:00:01.200", 191);
    stop("00:00:01.199", 188_000_000);
    stop("00:00:09.150", 120_000_000);
    warning("00:00:09.151", 140);

    assertThat(loops.byJvm()).isEqualTo(2);
    assertThat(loops.byCode()).isZero();
    assertThat(loops.longestStopMillis()).isEqualTo(188);
  }

  @Test
  void loop_thatWasHeldLongEnoughBesideTheStop_isOurs() {
    stop("00:00:01.000", 150_000_000);
    warning("00:00:01.190", 340);
    stop("00:00:05.000", 150_000_000);
    warning("00:00:05.400", 110);

    assertThat(loops.byCode()).isEqualTo(2);
    assertThat(loops.byJvm()).isZero();
  }

  @Test
  void warning_inWordsThatAreNotKnown_isOurs() {
    assertThat(loops.sees("{\"message\":\"Thread x has been blocked for long\"}")).isFalse();

    assertThat(loops.byCode()).isEqualTo(1);
  }

  @Test
  void otherLines_areNone() {
    assertThat(loops.sees("frontdesk listening public=a management=b")).isFalse();

    assertThat(loops.byCode() + loops.byJvm()).isZero();
  }
}
