// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the server. */
@Command(
    name = "run",
    description = "Runs the gateway. SIGHUP reloads the configuration, SIGTERM drains and stops.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private final ServerStarter server;

  @Mixin private final ConfigOption config = new ConfigOption();

  RunCommand(ServerStarter server) {
    this.server = server;
  }

  @Override
  public Integer call() throws Exception {
    return server.serve(config.file());
  }
}
