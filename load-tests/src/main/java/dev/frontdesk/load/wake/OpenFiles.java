// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The limit of open files, which a gateway started from here has too. */
final class OpenFiles {

  /** Files, jars, connections to Redis and of senders, with room to spare. */
  private static final int OTHERS = 800;

  private OpenFiles() {}

  /** Empty, or a sentence that says what is missing for so many connections at once. */
  static String missing(int connections) {
    try {
      return missing(connections, Files.readAllLines(Path.of("/proc/self/limits")));
    } catch (IOException e) {
      return "";
    }
  }

  static String missing(int connections, List<String> limits) {
    long needed = connections + (long) OTHERS;
    for (String line : limits) {
      if (line.startsWith("Max open files")) {
        String soft = line.substring("Max open files".length()).trim().split("\\s+", 2)[0];
        if (!soft.equals("unlimited") && Long.parseLong(soft) < needed) {
          return connections
              + " connections need "
              + needed
              + " open files here and in the gateway, the limit is "
              + soft
              + ": raise it with ulimit -n, or ask for fewer";
        }
      }
    }
    return "";
  }
}
