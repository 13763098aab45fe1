// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.process;

import java.util.ArrayList;
import java.util.List;

/**
 * A command that Ctrl-C does not reach: the terminal sends SIGINT to every process of its group,
 * and whoever started this one still needs it to end in order. Java cannot start a session by
 * itself; Linux has {@code setsid}, macOS has perl, and where there is neither SIGINT is ignored.
 */
public final class OwnSession {

  private static final String SCRIPT =
      "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi;"
          + " if command -v perl >/dev/null 2>&1; then"
          + " exec perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV' \"$@\"; fi;"
          + " trap '' INT; exec \"$@\"";

  private OwnSession() {}

  /** The command in a session of its own; the process keeps its id, so signals reach it. */
  public static List<String> of(List<String> command) {
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
    all.addAll(command);
    return all;
  }
}
