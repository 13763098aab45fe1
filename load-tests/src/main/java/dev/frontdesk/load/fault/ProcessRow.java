// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.util.Set;

/** A row that runs against processes: its names; {@link #run} is the row. */
abstract class ProcessRow implements FaultRow {

  private final String id;
  private final String title;
  private final String control;
  private final Set<String> missed;

  /** A row without control. */
  ProcessRow(String id, String title) {
    this(id, title, "");
  }

  /**
   * A row with the control that has to fail.
   *
   * @param missed names of figures, one of which has to be other than expected in the control;
   *     none: one of the ledger's
   */
  ProcessRow(String id, String title, String control, String... missed) {
    this.id = id;
    this.title = title;
    this.control = control;
    this.missed = missed.length == 0 ? Findings.LEDGER : Set.of(missed);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final String title() {
    return title;
  }

  @Override
  public final String control() {
    return control;
  }

  @Override
  public final Set<String> missedByControl() {
    return missed;
  }
}
