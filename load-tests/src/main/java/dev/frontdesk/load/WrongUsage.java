// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

/**
 * What was asked for cannot be, and nothing was started: exit code 2. The message is one line: what
 * was found and what is expected.
 */
public final class WrongUsage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WrongUsage(String message) {
    super(message);
  }
}
