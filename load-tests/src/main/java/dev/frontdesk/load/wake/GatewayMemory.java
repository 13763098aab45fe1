// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a gateway's process holds after a full collection, by the JDK's {@code jcmd}.
 *
 * @param residentBytes of the process
 * @param heapBytes used in its heap
 */
record GatewayMemory(long residentBytes, long heapBytes) {

  private static final Pattern USED = Pattern.compile("heap +total \\d+K, used (\\d+)K");

  /** Collects twice, since what a collection frees may hold more, and reads. */
  static GatewayMemory of(GatewayProcess gateway) {
    for (int i = 0; i < 2; i++) {
      String said = jcmd(gateway.pid(), "GC.run");
      assert !said.isEmpty();
    }
    return new GatewayMemory(
        gateway.residentBytes(), heapUsed(jcmd(gateway.pid(), "GC.heap_info")));
  }

  /** Of the answer to {@code GC.heap_info}. */
  static long heapUsed(String heapInfo) {
    Matcher used = USED.matcher(heapInfo);
    if (!used.find()) {
      throw new IllegalStateException("jcmd says nothing of the heap: " + heapInfo);
    }
    return Long.parseLong(used.group(1)) * 1_024;
  }

  private static String jcmd(long pid, String command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(jcmd + " is needed, that of a JDK", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
