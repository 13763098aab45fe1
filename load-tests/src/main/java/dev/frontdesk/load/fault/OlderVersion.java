// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Gateways of an older version, from a jar that {@code -Dold.jar} names. */
final class OlderVersion {

  private OlderVersion() {}

  /** A gateway of that version; not covered without it. */
  static GatewayProcess start(Rig rig, String name, LoadConfig config) {
    String jar = System.getProperty("old.jar", "");
    if (!Files.isRegularFile(Path.of(jar))) {
      throw new NotCovered("needs a jar of an older version: FAULTS_JAVA_OPTS=-Dold.jar=PATH");
    }
    Path file = config.write("gateway.yaml");
    GatewayProcess gateway =
        GatewayProcess.launch(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of(jar).toAbsolutePath().toString(),
                "run",
                "--config",
                file.toString()),
            rig.folder().resolve(name + ".log"),
            Map.of());
    rig.ends(gateway::kill);
    return gateway;
  }
}
