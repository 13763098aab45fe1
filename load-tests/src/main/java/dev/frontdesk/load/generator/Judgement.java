// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.util.ArrayList;
import java.util.List;

/** What keeps a run from being clean, in words. For one thread. */
final class Judgement {

  /** Up to this step no event loop may be held. */
  static final int WITHIN_CEILING = 100;

  /** Up to this step nothing may be shed: at the ceiling itself a stop of some 0.1 s may do it. */
  static final int AT_EASE = 80;

  /** From this step on something must be shed, or what was measured is no ceiling. */
  static final int OVERLOADED = 120;

  private final List<String> faults = new ArrayList<>();

  /** One step: its answers, and the generator's own. */
  void step(String name, int percent, StepFigures figures, int blocked) {
    check(!figures.fellBehind(), name + ": the generator fell behind");
    check(figures.others().isEmpty(), name + ": answered " + figures.others());
    check(figures.noAnswer() == 0, name + ": " + figures.noAnswer() + " calls without an answer");
    check(figures.unexplained() == 0, name + ": " + figures.unexplained() + " without Retry-After");
    check(figures.unmade() == 0, name + ": " + figures.unmade() + " calls were not made");
    check(
        percent > AT_EASE || figures.shed() == 0,
        name + ": " + figures.shed() + " calls were shed");
    check(percent < OVERLOADED || figures.shed() > 0, name + ": nothing was shed");
    check(
        percent > WITHIN_CEILING || blocked == 0,
        name + ": " + blocked + " warnings about blocked loops");
  }

  /** Anything else that has to hold. */
  void check(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  /** Whether nothing was found. */
  boolean isClean() {
    return faults.isEmpty();
  }

  /** What was found, in the order found. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
