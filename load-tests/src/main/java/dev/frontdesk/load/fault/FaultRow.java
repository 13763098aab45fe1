// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.Set;

/**
 * One fault of the catalogue: what is broken, and what must hold all the same.
 *
 * <p>A row starts what it needs from the {@link Rig} (which ends it afterwards), breaks something,
 * heals it, and tells its {@link Findings} what it expected and saw. It runs alone, on a thread
 * that may block, in a folder of its own.
 */
public interface FaultRow {

  /** Its id in the catalogue: {@code R-04}. */
  String id();

  /** The fault in a few words. */
  String title();

  /**
   * What is different in the control, which has to fail: the protection that is off, or the fault
   * that is not healed. Empty: there is no control.
   */
  default String control() {
    return "";
  }

  /** What its tests took when they ran together with those of other rows, s. */
  default double secondsBefore() {
    return 0;
  }

  /**
   * Figures that show what the control takes away: one of them has to be other than expected there.
   * A control that misses only others proves nothing.
   */
  default Set<String> missedByControl() {
    return Findings.LEDGER;
  }

  /**
   * Runs it.
   *
   * @param control whether this is the control
   * @throws Exception anything that kept it from its end; the row has failed then
   */
  void run(Rig rig, Findings found, boolean control) throws Exception;
}
