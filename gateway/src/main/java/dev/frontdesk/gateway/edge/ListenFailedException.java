// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

/** A port could not be opened; the message names the configuration key and what stands there. */
final class ListenFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ListenFailedException(String key, String host, int port, Throwable cause) {
    super(
        key
            + ": cannot listen on "
            + host
            + ":"
            + port
            + " ("
            + cause.getMessage()
            + "), expected a free port",
        cause);
  }
}
