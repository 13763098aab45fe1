// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code check}: tells every problem of a configuration without starting anything. */
@Command(
    name = "check",
    description = "Validates the configuration; lists every problem with its path.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  private final ConfigLoader loader;
  private final PrintWriter out;

  @Mixin private final ConfigOption config = new ConfigOption();

  CheckCommand(ConfigLoader loader, PrintWriter out) {
    this.loader = loader;
    this.out = out;
  }

  @Override
  public Integer call() {
    LoadedConfig loaded = loader.load(config.file());
    int channels =
        loaded.config().workspaces().values().stream().mapToInt(w -> w.channels().size()).sum();
    int workspaces = loaded.config().workspaces().size();
    out.println(config.file() + " is valid: workspaces " + workspaces + ", channels " + channels);
    return 0;
  }
}
