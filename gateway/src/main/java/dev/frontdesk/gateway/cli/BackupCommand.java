// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backup}: one file with everything the embedded store holds at one moment. */
@Command(
    name = "backup",
    description = {
      "Writes everything the embedded store holds at this moment into one file.",
      "The gateway goes on meanwhile, or may be stopped. The file holds customers' messages in plain"
          + " text: only its owner may read it."
    },
    mixinStandardHelpOptions = true)
public final class BackupCommand implements Callable<Integer> {

  private final Backup backup;
  private final PrintWriter out;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Where to; never overwritten (default: backups/frontdesk-TIME.zip).")
  private @Nullable Path to;

  public BackupCommand(Backup backup, PrintWriter out) {
    this.backup = backup;
    this.out = out;
  }

  /** Backs up the store of a configuration; lines that say what was done. */
  @FunctionalInterface
  public interface Backup {
    List<String> backup(Path config, @Nullable Path to) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    backup.backup(config.file(), to).forEach(out::println);
    return 0;
  }
}
