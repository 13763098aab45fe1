// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FaultPlanTest {

  @Test
  void faults_comeInOrder_eachKindBeforeAnyTwice_andNoneAtTheEnd() {
    for (long seed = 0; seed < 200; seed++) {
      List<FaultPlan.Planned> faults = FaultPlan.of(seed, 1_800, 25, 60);

      Set<FaultPlan.Kind> first = EnumSet.noneOf(FaultPlan.Kind.class);
      double before = 0;
      assertTrue(
          faults.stream().allMatch(f -> f.kind() != FaultPlan.Kind.KILL || f.second() <= 1_200),
          "seed " + seed + ", " + faults);
      for (int i = 0; i < faults.size(); i++) {
        double gap = faults.get(i).second() - before;
        assertTrue(gap >= 30 && gap <= 90, "seed " + seed + ", " + faults);
        before = faults.get(i).second();
        if (i < FaultPlan.Kind.values().length) {
          first.add(faults.get(i).kind());
        }
      }
      assertEquals(EnumSet.allOf(FaultPlan.Kind.class), first, "seed " + seed);
      assertTrue(before <= 1_775, "seed " + seed + ", " + faults);
    }
  }

  @Test
  void seed_repeatsTheFaults() {
    assertEquals(FaultPlan.of(7, 600, 25, 20), FaultPlan.of(7, 600, 25, 20));
  }

  @Test
  void plan_ofHalfAnHour_isThatOfTheIssue() {
    SoakPlan plan = new SoakPlan(30, 0.7);

    assertEquals(600, plan.settled());
    assertTrue(plan.isJudged());
    assertTrue(plan.retention() + plan.reopenWindow() < plan.settled() / 2, "comes to rest");
  }

  @Test
  void plan_ofAMinute_isTriedAndNotJudged() {
    SoakPlan plan = new SoakPlan(1, 0.7);

    assertTrue(plan.retention() + plan.reopenWindow() < plan.seconds(), "something is erased");
    assertTrue(!plan.isJudged());
    assertTrue(!FaultPlan.of(1, plan.seconds(), 25, plan.faultEvery()).isEmpty());
  }
}
