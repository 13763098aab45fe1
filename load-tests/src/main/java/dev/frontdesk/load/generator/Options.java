// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.time.Duration;
import java.util.List;

/**
 * What was asked for on the command line.
 *
 * @param scenario a file, or the name of one that is shipped
 * @param stepSeconds instead of the scenario's; 0: the scenario's
 * @param warmUpSeconds instead of the scenario's; -1: the scenario's
 * @param ceiling calls a second, taken as it is; 0: it is measured
 */
record Options(String scenario, int stepSeconds, int warmUpSeconds, int ceiling) {

  static final String DEFAULT = "peak";

  /**
   * Reads {@code [FILE|NAME] [--step-seconds N] [--warm-up N] [--ceiling N]}.
   *
   * @throws IllegalArgumentException naming what was expected
   */
  static Options of(List<String> words) {
    Options options = new Options(DEFAULT, 0, -1, 0);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        if (i > 0) {
          throw new IllegalArgumentException(word + ": expected the scenario first");
        }
        options = new Options(word, 0, -1, 0);
        continue;
      }
      String value = i + 1 < words.size() ? words.get(++i) : "";
      boolean mayBeNone = word.equals("--warm-up");
      if (!value.matches(mayBeNone ? "\\d{1,7}" : "[1-9]\\d{0,6}")) {
        throw new IllegalArgumentException(
            word
                + ": found \""
                + value
                + "\", expected a whole number"
                + (mayBeNone ? "" : " from 1 on"));
      }
      options = options.with(word, Integer.parseInt(value));
    }
    return options;
  }

  private Options with(String option, int value) {
    return switch (option) {
      case "--step-seconds" -> new Options(scenario, value, warmUpSeconds, ceiling);
      case "--warm-up" -> new Options(scenario, stepSeconds, value, ceiling);
      case "--ceiling" -> new Options(scenario, stepSeconds, warmUpSeconds, value);
      default ->
          throw new IllegalArgumentException(
              option + ": expected --step-seconds, --warm-up or --ceiling");
    };
  }

  Duration stepTime(Scenario of) {
    return stepSeconds == 0 ? of.steps().time() : Duration.ofSeconds(stepSeconds);
  }

  Duration warmUp(Scenario of) {
    return warmUpSeconds < 0 ? of.ceiling().warmUp() : Duration.ofSeconds(warmUpSeconds);
  }
}
