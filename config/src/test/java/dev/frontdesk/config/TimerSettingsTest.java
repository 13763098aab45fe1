// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerSettingsTest {

  private static double share(String timers) {
    return new ConfigLoader(Map.of(), name -> null, RuleCheck.none())
        .parse(
            """
            workspaces:
              acme:
                promises: { normal: { firstResponse: 4h } }
                defaults: { queue: support, promise: normal }
                queues: { support: {} }
                TIMERS
            """
                .replace("TIMERS", timers))
        .config()
        .workspaces()
        .get("acme")
        .timers()
        .share()
        .value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|0.5", "timers: {}|0.5", "timers: { share: 45% }|0.45", "timers: { share: 1 }|1"})
  void share_isWhatIsWritten_orTheDefault(String timers, double expected) {
    assertThat(share(timers)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0%"})
  void share_ofNothing_isRefused(String share) {
    assertThatThrownBy(() -> share("timers: { share: " + share + " }"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("timers")
        .hasMessageContaining("share is 0%, expected more");
  }

  @Test
  void share_ofMoreThanAll_isRefused() {
    assertThatThrownBy(() -> share("timers: { share: 101% }"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("timers.share");
  }
}
