// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Ends the processes of a run that is stopped in the middle: gateways, and the servers of Redis
 * that stay when their gateway was killed before.
 */
public final class LeftBehind {

  /** A run that is being stopped may start one more before it notices. */
  private static final int LOOKS = 20;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private LeftBehind() {}

  /** Has this process end what it started, whichever way it ends itself, short of SIGKILL. */
  public static void endWithThisProcess(Path folder) {
    Thread end = new Thread(() -> end(ProcessHandle.current(), folder), "left-behind");
    Runtime.getRuntime().addShutdownHook(end);
  }

  /**
   * Kills the descendants of a process and everything that works in a folder or below it; returns
   * when none is found any more, after a second at most.
   */
  static void end(ProcessHandle of, Path folder) {
    for (int look = 0; look < LOOKS; look++) {
      List<ProcessHandle> found =
          Stream.concat(
                  of.descendants(),
                  ProcessHandle.allProcesses().filter(process -> worksIn(process, folder)))
              .filter(process -> process.isAlive() && process.pid() != of.pid())
              .toList();
      if (found.isEmpty()) {
        return;
      }
      found.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** False where the system does not tell. */
  private static boolean worksIn(ProcessHandle process, Path folder) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd")).startsWith(folder);
    } catch (IOException | SecurityException | UnsupportedOperationException untold) {
      return false;
    }
  }
}
