// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.io.IOException;

/** A file that cannot be used; the message tells file, line, column and what was expected. */
public final class FileProblem extends IOException {
  private static final long serialVersionUID = 1L;

  FileProblem(String message) {
    super(message);
  }
}
