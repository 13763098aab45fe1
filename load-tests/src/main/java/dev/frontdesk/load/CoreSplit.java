// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Half of the cores for the gateway with its Redis, half for those who call it. On a machine of its
 * own a generator would not wait for a core behind the gateway that it presses; where both share
 * all cores it does, most of all past the ceiling, and a lower priority for the gateway only moves
 * the waiting: then the gateway's loops are held by the generator. Uses {@code taskset} of
 * util-linux. Immutable.
 *
 * @param calling cores of the generator, empty where they cannot be split
 * @param serving cores of the gateway
 */
public record CoreSplit(List<Integer> calling, List<Integer> serving) {

  private static final String ALLOWED = "Cpus_allowed_list:";

  public CoreSplit {
    calling = List.copyOf(calling);
    serving = List.copyOf(serving);
  }

  /** The cores this process may use, split; not split where there is one or no {@code taskset}. */
  public static CoreSplit ofThisMachine() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      CoreSplit split =
          status
              .filter(line -> line.startsWith(ALLOWED))
              .findFirst()
              .map(line -> of(line.substring(ALLOWED.length())))
              .orElseGet(CoreSplit::none);
      return runs("taskset", "--version") ? split : none();
    } catch (IOException notLinux) {
      return none();
    }
  }

  /**
   * The lower half calls; of an odd number the gateway has one more.
   *
   * @param allowed as the kernel lists cores, such as {@code 0-3,8}
   */
  static CoreSplit of(String allowed) {
    List<Integer> cores =
        Stream.of(allowed.trim().split(","))
            .map(range -> range.split("-", 2))
            .flatMap(
                ends ->
                    IntStream.rangeClosed(
                            Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .boxed())
            .toList();
    int half = cores.size() / 2;
    return half == 0
        ? none()
        : new CoreSplit(cores.subList(0, half), cores.subList(half, cores.size()));
  }

  private static CoreSplit none() {
    return new CoreSplit(List.of(), List.of());
  }

  public boolean isSplit() {
    return !calling.isEmpty();
  }

  /** What starts a command on the gateway's cores; nothing where they are not split. */
  public List<String> below() {
    return isSplit() ? List.of("taskset", "-c", list(serving)) : List.of();
  }

  /** Has all threads of this process, and those it starts, keep to its cores. */
  public void keepTo() {
    if (isSplit()) {
      move(calling);
    }
  }

  /** Ends {@link #keepTo}. */
  public void release() {
    if (isSplit()) {
      move(Stream.concat(calling.stream(), serving.stream()).toList());
    }
  }

  private static void move(List<Integer> cores) {
    String self = Long.toString(ProcessHandle.current().pid());
    if (!runs("taskset", "-a", "-c", "-p", list(cores), self)) {
      throw new IllegalStateException("taskset did not move this process to cores " + cores);
    }
  }

  private static String list(List<Integer> cores) {
    return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static boolean runs(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** For people: which cores are whose. */
  @Override
  public String toString() {
    return isSplit()
        ? "gateway and Redis on cores " + list(serving) + ", generator on " + list(calling)
        : "gateway, Redis and generator share all cores";
  }
}
