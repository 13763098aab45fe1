// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartPauseTest {

  private final RestartPause pause = new RestartPause();

  @Test
  void after_serversThatDoNotStart_doublesUpToTheLongest() {
    assertThat(Stream.generate(() -> pause.after(Duration.ZERO)).limit(11).map(Duration::toMillis))
        .containsExactly(
            50L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L, 10_000L);
  }

  @Test
  void after_aServerThatEndsSoonerThanHealthy_doubles() {
    Duration tooShort = RestartPause.HEALTHY.minusNanos(1);

    assertThat(pause.after(tooShort)).isEqualTo(RestartPause.FIRST);
    assertThat(pause.after(tooShort)).isEqualTo(RestartPause.FIRST.multipliedBy(2));
  }

  @Test
  void after_aHealthyServer_startsAgainFromTheFirst() {
    for (int i = 0; i < 12; i++) {
      pause.after(Duration.ZERO);
    }

    assertThat(pause.after(RestartPause.HEALTHY)).isEqualTo(RestartPause.FIRST);
    assertThat(pause.after(RestartPause.HEALTHY)).isEqualTo(RestartPause.FIRST);
    assertThat(pause.after(Duration.ZERO)).isEqualTo(RestartPause.FIRST.multipliedBy(2));
  }

  /** The server had run for an hour; then its file cannot be read: no loop of quick starts. */
  @Test
  void after_aHealthyServerThatDoesNotComeBack_doublesFromThere() {
    pause.after(Duration.ofHours(1));

    for (int i = 0; i < 12; i++) {
      pause.after(Duration.ZERO);
    }

    assertThat(pause.after(Duration.ZERO)).isEqualTo(RestartPause.LONGEST);
  }
}
