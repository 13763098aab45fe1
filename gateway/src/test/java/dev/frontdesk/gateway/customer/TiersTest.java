// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.CustomerSettings;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiersTest {

  @ParameterizedTest(name = "{0} of order {1}")
  @CsvSource(
      nullValues = "-",
      value = {
        "gold, silver gold, gold",
        "silver gold silver, silver gold, gold",
        "gold silver, gold silver, silver",
        "unknown silver, silver gold, silver",
        "unknown, silver gold, unknown",
        "unknown other, silver gold, -",
        "gold gold, '', gold",
        "gold silver, '', -",
        "'', silver gold, -",
      })
  void highest(String tiers, String order, String expected) {
    CustomerSettings settings = order.isEmpty() ? null : new CustomerSettings(null, words(order));

    assertThat(Tiers.highest(settings, words(tiers))).isEqualTo(expected);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }
}
