// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the child with which Redis writes its file anew, or a snapshot, give way to Redis.
 *
 * <p>Redis runs in a session of its own, and Linux shares a core between sessions before it shares
 * it between the processes of one (autogroup, {@code sched(7)}): where gateway and Redis have one
 * core the child took half of what Redis had, and messages at half of the ceiling waited for more
 * than a second. Redis has no setting for it, so the child is given {@link #NICE} from outside.
 *
 * <p>It still gets a tenth of a core that is wanted by others: a child that got nothing would never
 * end, and the file would grow meanwhile. Where {@code /proc} does not tell children or there is no
 * {@code renice} nothing is done. Blocking; for one worker thread.
 */
final class BackgroundPriority {

  /** A tenth of the weight of nice 0 ({@code sched_prio_to_weight}: 110 of 1,024). */
  static final int NICE = 10;

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundPriority.class);
  private static final long RENICE_SECONDS = 5;

  private Set<String> seen = Set.of();

  /**
   * Gives the children that were not there at the last look the lower priority.
   *
   * @param server process id of Redis
   */
  void look(long server) {
    Set<String> now = children(server);
    for (String child : now) {
      if (!seen.contains(child)) {
        lower(child);
      }
    }
    seen = now;
  }

  /** Those its main thread has forked; it forks on no other. */
  private static Set<String> children(long server) {
    String id = Long.toString(server);
    try {
      String line = Files.readString(Path.of("/proc", id, "task", id, "children"));
      return Stream.of(line.strip().split(" ", -1))
          .filter(child -> !child.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException absent) {
      return Set.of(); // it just ended, or this is not Linux
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Children of redis-server not read");
      return Set.of();
    }
  }

  private static void lower(String child) {
    List<String> command = List.of("renice", "-n", Integer.toString(NICE), "-p", child);
    try {
      Process renice =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      renice.getOutputStream().close();
      if (!renice.waitFor(RENICE_SECONDS, TimeUnit.SECONDS)) {
        renice.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.atInfo()
          .addKeyValue("reason", e.getMessage())
          .log("Redis rewrites its file at the priority of the gateway: no renice");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
