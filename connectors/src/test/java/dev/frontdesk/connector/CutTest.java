// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CutTest {

  @Test
  void cut_isTheLongestBeginningOfWholeCharacters() {
    Random random = new Random(20_261_122);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.appendCodePoint(random.nextBoolean() ? 'a' + random.nextInt(26) : 0x1F600 + n);
      }
      int most = 1 + random.nextInt(14);

      String longest = "";
      for (int end = 0; end <= text.codePointCount(0, text.length()); end++) {
        String beginning = text.substring(0, text.offsetByCodePoints(0, end));
        longest = beginning.length() <= most ? beginning : longest;
      }

      assertThat(Cut.to(text.toString(), most)).isEqualTo(longest);
    }
  }
}
