// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private final VirtualTime time = new VirtualTime(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void advance_runsWhatFallsDue_inOrder_atItsTime() {
    time.after(Duration.ofSeconds(2), () -> ran.add("b " + time.now()));
    time.after(Duration.ofSeconds(1), () -> ran.add("a " + time.now()));
    time.after(Duration.ofSeconds(2), () -> ran.add("c " + time.now()));
    time.after(Duration.ofSeconds(3), () -> ran.add("later"));

    time.advance(Duration.ofSeconds(2));

    assertThat(ran)
        .containsExactly(
            "a " + START.plusSeconds(1), "b " + START.plusSeconds(2), "c " + START.plusSeconds(2));
    assertThat(time.now()).isEqualTo(START.plusSeconds(2));
    assertThat(time.pending()).isEqualTo(1);
  }

  @Test
  void after_cancelled_doesNotRun() {
    Scheduler.Cancellable cancellable = time.after(Duration.ofSeconds(1), () -> ran.add("x"));
    cancellable.cancel();

    time.advance(Duration.ofSeconds(5));

    assertThat(ran).isEmpty();
    assertThat(time.runNext()).isFalse();
  }

  @Test
  void after_fromATask_runsInTheSameAdvance() {
    time.after(
        Duration.ofSeconds(1), () -> time.after(Duration.ofSeconds(1), () -> ran.add("nested")));

    time.advance(Duration.ofSeconds(2));

    assertThat(ran).containsExactly("nested");
  }
}
