// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;

/** Compiles a triage condition; this module knows no rule language. */
@FunctionalInterface
public interface RuleCheck {

  /** What is wrong with the condition; empty when nothing is. Never throws. */
  List<String> problems(String condition);

  /** Accepts every condition. */
  static RuleCheck none() {
    return condition -> List.of();
  }
}
