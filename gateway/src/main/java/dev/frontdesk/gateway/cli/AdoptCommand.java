// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code adopt}: an operator says that the store found is the right one after all. */
@Command(
    name = "adopt",
    description = {
      "Ends a quarantine: takes the store as it is for the one this gateway works with.",
      "Run it when you know why the store is empty or older; stop the gateway first.",
      "What waits to be sent may have been sent: it becomes a dead letter, for you to decide."
    },
    mixinStandardHelpOptions = true)
public final class AdoptCommand implements Callable<Integer> {

  private final Adoption adoption;
  private final PrintWriter out;

  @Mixin private final ConfigOption config = new ConfigOption();

  public AdoptCommand(Adoption adoption, PrintWriter out) {
    this.adoption = adoption;
    this.out = out;
  }

  /** Adopts every workspace of a configuration; a line about each. */
  @FunctionalInterface
  public interface Adoption {
    List<String> adopt(Path config) throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    adoption.adopt(config.file()).forEach(line -> out.println("adopted " + line));
    return 0;
  }
}
