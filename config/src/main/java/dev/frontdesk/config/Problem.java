// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

/**
 * One thing wrong with a configuration.
 *
 * @param path where: {@code workspaces.acme.promises.urgent.firstResponse}
 * @param message what was found and what was expected; never a secret
 */
public record Problem(String path, String message) {
  @Override
  public String toString() {
    return path + ": " + message;
  }
}
