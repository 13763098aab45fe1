// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CoreSplitTest {

  @Test
  void cores_areHalved_theGatewayHasTheOddOne() {
    assertEquals(new CoreSplit(List.of(0), List.of(1)), CoreSplit.of("\t0-1"));
    assertEquals(new CoreSplit(List.of(0, 2), List.of(3, 4, 8)), CoreSplit.of("0,2-4,8"));
    assertEquals(List.of("taskset", "-c", "3,4,8"), CoreSplit.of("0,2-4,8").below());
  }

  @Test
  void oneCore_isShared() {
    assertFalse(CoreSplit.of("5").isSplit());
    assertEquals(List.of(), CoreSplit.of("5").below());
  }
}
