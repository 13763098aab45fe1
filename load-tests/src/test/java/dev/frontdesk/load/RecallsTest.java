// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The share of commits without a load. */
class RecallsTest {

  @Test
  void hitRate_isOfWhatWasCountedSince() {
    Recalls before = new Recalls(10, 10, 5, 100);
    Recalls after = new Recalls(80, 20, 10, 115);

    Recalls between = after.since(before);

    assertThat(between).isEqualTo(new Recalls(70, 10, 5, 15));
    assertThat(between.hitRate()).isEqualTo(0.8);
    assertThat(between.toString()).contains("without a load 80.0 %");
    assertThat(before.since(before).hitRate()).isZero();
  }
}
