// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.OlderJar;
import java.nio.file.Path;

/** Gateways of an older version, from the jar or the commit that {@code -Dold.jar} names. */
final class OlderVersion {

  private OlderVersion() {}

  /** A gateway of that version; not covered without it. */
  static GatewayProcess start(Rig rig, String name, LoadConfig config) {
    String named = System.getProperty("old.jar", "");
    if (named.isEmpty()) {
      throw new NotCovered("needs an older version: FAULTS_JAVA_OPTS=-Dold.jar=JAR or COMMIT");
    }
    Path file = config.write("gateway.yaml");
    GatewayProcess gateway =
        OlderJar.start(OlderJar.of(named), file, rig.folder().resolve(name + ".log"));
    rig.ends(gateway::kill);
    return gateway;
  }
}
