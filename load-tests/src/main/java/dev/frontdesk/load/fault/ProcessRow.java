// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

/** A row that runs against processes: its names; {@link #run} is the row. */
abstract class ProcessRow implements FaultRow {

  private final String id;
  private final String title;
  private final String control;

  /** A row without control. */
  ProcessRow(String id, String title) {
    this(id, title, "");
  }

  /** A row with the control that has to fail. */
  ProcessRow(String id, String title, String control) {
    this.id = id;
    this.title = title;
    this.control = control;
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
}
