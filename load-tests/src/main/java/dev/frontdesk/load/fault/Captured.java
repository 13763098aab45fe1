// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a scenario of the load tests printed, for the figures of a row. */
final class Captured {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  PrintStream out() {
    return out;
  }

  /** The last line that contains a text; empty: none does. */
  String line(String part) {
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).contains(part)) {
        return lines.get(i).trim();
      }
    }
    return "";
  }
}
