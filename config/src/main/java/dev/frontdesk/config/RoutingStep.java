// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code steps[]}: what is asked of an agent for a while. */
public record RoutingStep(
    @Default("{}")
        @Between(min = 1, max = 10)
        @Doc("Skills and levels 1 to 10 that are required besides those of triage.")
        Map<String, Integer> skills,
    @Nullable @Doc("How long; none, in the last step only: until somebody has it.")
        Duration lasts) {

  /** Steps of one list: few, because each adds to what a decision looks at. */
  static final int MOST = 8;

  /**
   * Refuses a list that means nothing.
   *
   * @throws IllegalArgumentException naming the step and what was expected
   */
  static void check(List<RoutingStep> steps) {
    if (steps.size() > MOST) {
      throw new IllegalArgumentException(
          "steps: found " + steps.size() + ", expected " + MOST + " at most");
    }
    for (int i = 0; i < steps.size() - 1; i++) {
      if (steps.get(i).lasts() == null) {
        throw new IllegalArgumentException(
            "steps[" + i + "].lasts: missing, expected a duration: only the last step may go on");
      }
    }
  }
}
