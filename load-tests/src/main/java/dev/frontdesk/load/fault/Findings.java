// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a row expected and saw: the figures that prove it. One that is not as expected is marked and
 * fails the row. Used by one thread.
 */
public final class Findings {

  private final List<String> figures = new ArrayList<>();
  private boolean hold = true;
  private boolean complete = true;

  /** A figure that nothing is expected of. */
  public void note(String name, Object value) {
    figures.add(name + "=" + value);
  }

  /** A count that is exactly so. */
  public void equal(String name, long expected, long actual) {
    add(name + "=" + actual, actual == expected, "expected " + expected);
  }

  /** A text that is exactly so. */
  public void equal(String name, String expected, String actual) {
    add(name + "=" + actual, actual.equals(expected), "expected " + expected);
  }

  /** A figure with an upper bound. */
  public void atMost(String name, double bound, double actual) {
    add(name + "=" + number(actual) + "<=" + number(bound), actual <= bound, "too much");
  }

  /** A figure with a lower bound. */
  public void atLeast(String name, double bound, double actual) {
    add(name + "=" + number(actual) + ">=" + number(bound), actual >= bound, "too little");
  }

  /** A count with a lower bound. */
  public void atLeast(String name, long bound, long actual) {
    add(name + "=" + actual + ">=" + bound, actual >= bound, "too little");
  }

  /** A count with an upper bound. */
  public void atMost(String name, long bound, long actual) {
    add(name + "=" + actual + "<=" + bound, actual <= bound, "too much");
  }

  /** Something that is true. */
  public void holds(String what, boolean is) {
    add(what, is, "it is not so");
  }

  /** Nothing lost, duplicated, unexpected, without a place, or out of order. */
  public void ledger(Audit audit) {
    Ledger.Balance balance = audit.balance();
    note("accepted", balance.accepted());
    note("refused", balance.refused());
    note("unknown", balance.unknown());
    note("stored", balance.stored());
    equal("lost", 0, balance.lost());
    equal("duplicated", 0, balance.duplicated());
    equal("unexpected", 0, balance.unexpected());
    equal("gaps", 0, audit.gaps());
    equal("disordered", 0, audit.disordered());
  }

  /** The row could not go on. */
  public void broken(Throwable cause) {
    Throwable root = cause;
    // a time-out has no message of its own: what waited says for what
    while (root.getCause() != null && root.getCause().getMessage() != null) {
      root = root.getCause();
    }
    complete = false;
    add(root.getClass().getSimpleName() + ": " + root.getMessage(), false, "ended early");
  }

  /** Whether everything was as expected. */
  public boolean hold() {
    return hold;
  }

  /** Whether the row came to its end: a control that did not proves nothing. */
  public boolean complete() {
    return complete;
  }

  private void add(String figure, boolean holds, String otherwise) {
    if (holds && figure.isEmpty()) {
      return;
    }
    figures.add(holds ? figure : "!! " + figure + " (" + otherwise + ")");
    hold &= holds;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  @Override
  public String toString() {
    return String.join(" ", figures);
  }
}
