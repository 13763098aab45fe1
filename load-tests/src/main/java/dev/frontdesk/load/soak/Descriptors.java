// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Open files of a process (Linux), those apart that are connections others open and close as they
 * like: from senders, agents and scrapers, and to the platform. What is left is the gateway's own.
 *
 * @param all every one
 * @param own all without connections that have one of the foreign ports at either end
 */
record Descriptors(int all, int own) {

  private static final String SOCKET = "socket:[";

  /** Counts now; -1 when the process is gone. */
  static Descriptors of(long pid, Set<Integer> foreignPorts) {
    try {
      List<String> links = links(Path.of("/proc/" + pid + "/fd"));
      Map<String, String> connections = new HashMap<>();
      for (String table : List.of("tcp", "tcp6")) {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
          if (isForeign(line, foreignPorts)) {
            connections.put(inode(line), line);
          }
        }
      }
      int foreign = 0;
      for (String link : links) {
        boolean isSocket = link.startsWith(SOCKET);
        String inode = isSocket ? link.substring(SOCKET.length(), link.length() - 1) : "";
        foreign += connections.containsKey(inode) ? 1 : 0;
      }
      return new Descriptors(links.size(), links.size() - foreign);
    } catch (IOException gone) {
      return new Descriptors(-1, -1);
    }
  }

  private static List<String> links(Path folder) throws IOException {
    List<String> links = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        try {
          links.add(Files.readSymbolicLink(one).toString());
        } catch (IOException closedMeanwhile) {
          // not open any more
        }
      }
    }
    return links;
  }

  /** Whether a line of {@code /proc/net/tcp} is a connection at one of these ports. */
  static boolean isForeign(String line, Set<Integer> ports) {
    String[] words = line.trim().split("\\s+", 5);
    if (words.length < 5 || !words[0].endsWith(":") || words[3].equals("0A")) {
      return false;
    }
    return ports.contains(port(words[1])) || ports.contains(port(words[2]));
  }

  static String inode(String line) {
    String[] words = line.trim().split("\\s+", 11);
    return words.length < 11 ? "" : words[9];
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }
}
