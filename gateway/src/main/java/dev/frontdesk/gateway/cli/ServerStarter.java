// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.nio.file.Path;

/** Runs a gateway until it is told to stop. */
@FunctionalInterface
public interface ServerStarter {

  /**
   * Starts, serves, and returns the exit code when the gateway has stopped; blocks its thread.
   *
   * @throws dev.frontdesk.config.InvalidConfigurationException if the file cannot be used
   * @throws Exception whatever else kept it from starting; shown as one line
   */
  int serve(Path config) throws Exception;
}
