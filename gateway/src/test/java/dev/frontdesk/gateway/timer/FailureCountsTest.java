// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailureCountsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private final FailureCounts counts = new FailureCounts(2);

  @Test
  void failures_inARow_areCounted_untilCleared() {
    assertThat(counts.failed("a", NOW)).isEqualTo(1);
    assertThat(counts.failed("a", NOW.plusSeconds(10))).isEqualTo(2);
    assertThat(counts.failed("b", NOW.plusSeconds(10))).isEqualTo(1);
    counts.clear("a");
    assertThat(counts.failed("a", NOW.plusSeconds(20))).isEqualTo(1);
  }

  @Test
  void failures_farApart_areNotInARow() {
    counts.failed("a", NOW);

    assertThat(counts.failed("a", NOW.plus(FailureCounts.FORGOTTEN).plusMillis(1))).isEqualTo(1);
  }

  @Test
  void bound_letsThoseCountedGoOn_andNewOnesInWhenTheyEnd() {
    counts.failed("a", NOW);
    counts.failed("b", NOW);

    assertThat(counts.failed("c", NOW)).isZero();
    assertThat(counts.failed("a", NOW)).isEqualTo(2);
    counts.clear("b");
    assertThat(counts.failed("c", NOW)).isEqualTo(1);
    assertThat(counts.failed("d", NOW.plus(FailureCounts.FORGOTTEN).plusMillis(1))).isEqualTo(1);
  }
}
