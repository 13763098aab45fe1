// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;
import java.util.Set;

/** Compiles a triage condition; this module knows no rule language. */
@FunctionalInterface
public interface RuleCheck {

  /**
   * What is wrong with the condition; empty when nothing is. Never throws.
   *
   * @param calendars names of the workspace's calendars, for {@code hours.<name>}
   */
  List<String> problems(String condition, Set<String> calendars);

  /** Accepts every condition. */
  static RuleCheck none() {
    return (condition, calendars) -> List.of();
  }
}
