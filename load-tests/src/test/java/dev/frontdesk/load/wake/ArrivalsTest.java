// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What counts as having reached the agent who waits for it. */
class ArrivalsTest {

  private final Arrivals arrivals = new Arrivals();

  @Test
  void latency_countsFromThePlanToTheFirstArrival() {
    arrivals.plan("a", 1_000_000);
    arrivals.plan("b", 2_000_000);

    arrivals.arrive("a", 4_000_000);
    arrivals.arrive("a", 9_000_000);
    arrivals.arrive("b", 7_000_000);
    arrivals.arrive("of another run", 8_000_000);

    assertThat(arrivals.latency().getTotalCount()).isEqualTo(2);
    assertThat(arrivals.latency().getMinValue()).isEqualTo(3_000);
    assertThat(arrivals.latency().getMaxValue()).isBetween(5_000L, 5_010L);
    assertThat(arrivals.span()).isEqualTo(Duration.ofMillis(6));
    assertThat(arrivals.repeated()).isOne();
  }

  @Test
  void latency_leavesOutWhatWasPlannedWhileWarmingUp() {
    arrivals.plan("cold", 1_000_000);
    arrivals.plan("warm", 2_000_000);
    arrivals.countFrom(2_000_000);

    arrivals.arrive("cold", 900_000_000);
    arrivals.arrive("warm", 5_000_000);

    assertThat(arrivals.latency().getTotalCount()).isOne();
    assertThat(arrivals.latency().getMaxValue()).isBetween(3_000L, 3_003L);
    assertThat(arrivals.planned()).isEqualTo(2);
  }

  @Test
  void lost_isWhatWasAcceptedAndDidNotArriveInTime() {
    Duration patience = Duration.ofNanos(100);
    for (String id : new String[] {"soon", "late", "never", "refused"}) {
      arrivals.plan(id, 1_000);
    }
    arrivals.arrive("soon", 1_100);
    arrivals.arrive("late", 1_101);

    assertThat(arrivals.lost(Set.of("soon", "late", "never"), patience)).isEqualTo(2);
    assertThat(arrivals.lost(Set.of("soon", "late", "never"), Duration.ofDays(1))).isOne();
  }

  @Test
  void latency_ofAPart_hasOnlyThat() {
    arrivals.plan("a", 1_000_000);
    arrivals.plan("b", 2_000_000);
    arrivals.arrive("a", 4_000_000);
    arrivals.arrive("b", 7_000_000);

    assertThat(arrivals.latency((plan, at) -> at > 5_000_000).getTotalCount()).isOne();
    assertThat(arrivals.latency((plan, at) -> at > 5_000_000).getMinValue()).isEqualTo(5_000);
  }

  @Test
  void plan_ofAnIdThatWasPlanned_isRefused() {
    arrivals.plan("a", 1_000_000);

    assertThatThrownBy(() -> arrivals.plan("a", 2_000_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a was planned before");
  }
}
