// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.util.List;

/**
 * One recorded run.
 *
 * @param command as it was typed: {@code LoadTests ratio 5}
 * @param lines what stands below it: commit and machine in brackets, then the last lines printed
 */
public record Block(String command, List<String> lines) {

  /** The last line of a run with something wrong. */
  public static final String NOT_CLEAN = "NOT CLEAN";

  public Block {
    lines = List.copyOf(lines);
  }

  /** What was printed, as one text. */
  public String text() {
    return String.join("\n", lines);
  }

  /** Whether the run said that something was wrong. */
  public boolean isUnclean() {
    return !lines.isEmpty() && lines.get(lines.size() - 1).equals(NOT_CLEAN);
  }
}
