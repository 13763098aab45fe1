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
   * @param flags names of the workspace that are true or false, such as {@code hours.office}
   */
  List<String> problems(String condition, Set<String> flags);

  /** Before the name of a calendar: whether it is open. */
  String HOURS = "hours.";

  /** Before the name of a word table: whether the text has a word of it. */
  String WORDS = "words.";

  /** Accepts every condition. */
  static RuleCheck none() {
    return (condition, flags) -> List.of();
  }
}
