// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

/**
 * A row that nothing covers yet.
 *
 * @param reason why
 */
record UncoveredRow(String id, String title, String reason) implements FaultRow {

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    throw new NotCovered(reason);
  }
}
