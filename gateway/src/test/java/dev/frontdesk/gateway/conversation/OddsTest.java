// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OddsTest {

  private final Odds odds = new Odds();

  @Test
  void fresh_isWorthIt() {
    assertThat(odds.worthIt()).isTrue();
  }

  @Test
  void mostlyWrong_isTriedOnceIn64_andLearntAgain() {
    IntStream.range(0, 200).forEach(n -> odds.told(false));
    assertThat(IntStream.range(0, 640).filter(n -> odds.worthIt()).count()).isEqualTo(10);

    IntStream.range(0, 200).forEach(n -> odds.told(true));
    assertThat(IntStream.range(0, 640).allMatch(n -> odds.worthIt())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.9})
  void share_decides_howeverTheyCome(double share) {
    Random random = new Random(7);
    IntStream.range(0, 10_000).forEach(n -> odds.told(random.nextDouble() < share));

    assertThat(IntStream.range(0, 63).allMatch(n -> odds.worthIt())).isEqualTo(share > 0.5);
  }
}
