// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

/** A row cannot be run: nothing covers it, or this machine lacks what it needs. */
final class NotCovered extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotCovered(String reason) {
    super(reason);
  }
}
