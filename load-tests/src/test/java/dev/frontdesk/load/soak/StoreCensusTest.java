// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StoreCensusTest {

  @Test
  void keys_areOfTheKindBehindTheirWorkspace() {
    assertEquals("c", StoreCensus.kindOf("{acme}:c:2f1"));
    assertEquals("t", StoreCensus.kindOf("{acme}:t"));
    assertEquals("p", StoreCensus.kindOf("{a:b}:p:telegram:7"));
  }

  @Test
  void whatIsKeptByPromise_isCounted_andNotWeighed() {
    StoreCensus first = census(600, 1_000);
    StoreCensus last = census(1_200, 9_000);

    assertEquals(3_000_000, last.working(), 0.0);
    assertEquals(
        List.of(
            "  c         2 keys at 600 s,       2 at 1200 s; mean 2.9 MB, +0.00 MB in 10 minutes",
            "  d      1000 keys at 600 s,    9000 at 1200 s, by promise"),
        StoreCensus.table(List.of(first, last)));
  }

  private static StoreCensus census(double second, int ids) {
    StoreCensus.Builder census = new StoreCensus.Builder();
    census.add("c", 1_000_000);
    census.add("c", 2_000_000);
    for (int i = 0; i < ids; i++) {
      census.add("d", 0);
    }
    return census.build(second);
  }
}
