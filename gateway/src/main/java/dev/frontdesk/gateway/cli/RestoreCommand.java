// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: puts a backup into an empty {@code dataDir}. */
@Command(
    name = "restore",
    description = {
      "Puts a backup into the dataDir of the configuration; the gateway must not run there.",
      "Nothing old is sent again: what waited to be sent when the backup was made becomes a dead"
          + " letter, for you to decide. What is overdue happens once, at the next start."
    },
    mixinStandardHelpOptions = true)
public final class RestoreCommand implements Callable<Integer> {

  private final Restore restore;
  private final PrintWriter out;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Parameters(paramLabel = "FILE", description = "A file that backup wrote.")
  private Path file = Path.of("");

  @Option(
      names = "--replace",
      description = "Also where dataDir holds a store: that is moved aside within dataDir.")
  private boolean replace;

  public RestoreCommand(Restore restore, PrintWriter out) {
    this.restore = restore;
    this.out = out;
  }

  /** Restores the store of a configuration; lines that say what was done. */
  @FunctionalInterface
  public interface Restore {
    List<String> restore(Path config, Path file, boolean replace) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    restore.restore(config.file(), file, replace).forEach(out::println);
    return 0;
  }
}
