// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.FrontdeskConfig;

/** Where commands on the same machine find the gateway of a configuration. */
final class Addresses {
  private Addresses() {}

  /** {@code http://127.0.0.1:8080} for a server on all addresses. */
  static String publicUrl(FrontdeskConfig.Server server) {
    String host = server.host().equals("0.0.0.0") ? "127.0.0.1" : server.host();
    return "http://" + host + ":" + server.port();
  }
}
