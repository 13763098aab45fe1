// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DescriptorsTest {

  private static final String LINE =
      "   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  0  0 4711 1 0";

  @Test
  void connection_isForeign_byAPortAtEitherEnd() {
    assertTrue(Descriptors.isForeign(LINE, Set.of(8080)));
    assertTrue(Descriptors.isForeign(LINE, Set.of(49153)));
    assertFalse(Descriptors.isForeign(LINE, Set.of(6379)));
    assertEquals("4711", Descriptors.inode(LINE));
  }

  @Test
  void listener_isTheProcessesOwn() {
    assertFalse(Descriptors.isForeign(LINE.replace(" 01 ", " 0A "), Set.of(8080)));
  }

  @Test
  void connectionsOfClients_areCountedApart() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 9, here)) {
      Set<Integer> ports = Set.of(server.getLocalPort());
      Descriptors before = Descriptors.of(ProcessHandle.current().pid(), ports);

      try (Socket client = new Socket(here, server.getLocalPort());
          Socket accepted = server.accept()) {
        Descriptors with = Descriptors.of(ProcessHandle.current().pid(), ports);

        assertTrue(client.isConnected() && accepted.isConnected());
        int added = with.all() - before.all();
        int foreign = with.all() - with.own() - (before.all() - before.own());
        assertEquals(2, foreign, "both ends, of " + added);
      }
    }
  }
}
