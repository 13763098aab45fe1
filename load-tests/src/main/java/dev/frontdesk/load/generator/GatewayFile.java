// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.LoadConfig;
import java.nio.file.Path;

/** The configuration of the gateway that a scenario is played against. */
final class GatewayFile {

  private GatewayFile() {}

  /** Writes it. */
  static Path write(Path folder, Scenario scenario, Platforms platforms) {
    LoadConfig config =
        new LoadConfig(folder)
            .agents(
                scenario.agents().number() + scenario.idle().polls(), scenario.agents().capacity())
            .promises(
                scenario.promises().urgent().toMillis() + "ms",
                scenario.promises().normal().toMillis() + "ms")
            .line("outbox: { inFlight: 256 }");
    platforms.configure(config, scenario);
    if (scenario.bots().number() > 0) {
      config.line(BotSessions.configuration(scenario.bots()));
    }
    if (scenario.idle().visitors() > 0) {
      config.channel(IdleVisitors.CHANNEL, IdleVisitors.CONFIGURATION);
    }
    return config.write("generator.yaml");
  }
}
