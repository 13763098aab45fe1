// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --config FILE}, for every command that reads the configuration (a picocli mixin). */
public final class ConfigOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("config", "frontdesk.yaml");

  /** The file to read. */
  public Path file() {
    return file;
  }
}
