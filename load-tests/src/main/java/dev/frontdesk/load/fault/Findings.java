// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.Ledger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a row expected and saw: the figures that prove it. One that is not as expected is marked and
 * fails the row. Used by one thread.
 */
public final class Findings {

  /** What {@link #ledger} expects something of. */
  static final Set<String> LEDGER =
      Set.of("lost", "duplicated", "unexpected", "gaps", "disordered");

  private final Set<String> missed = new LinkedHashSet<>();
  private final List<String> figures = new ArrayList<>();
  private boolean complete = true;

  /** A figure that nothing is expected of. */
  public void note(String name, Object value) {
    figures.add(name + "=" + value);
  }

  /** A count that is exactly so. */
  public void equal(String name, long expected, long actual) {
    add(name, name + "=" + actual, actual == expected, "expected " + expected);
  }

  /** A text that is exactly so. */
  public void equal(String name, String expected, String actual) {
    add(name, name + "=" + actual, actual.equals(expected), "expected " + expected);
  }

  /** A figure with an upper bound. */
  public void atMost(String name, double bound, double actual) {
    add(name, name + "=" + number(actual) + "<=" + number(bound), actual <= bound, "too much");
  }

  /** A figure with a lower bound. */
  public void atLeast(String name, double bound, double actual) {
    add(name, name + "=" + number(actual) + ">=" + number(bound), actual >= bound, "too little");
  }

  /** A count with a lower bound. */
  public void atLeast(String name, long bound, long actual) {
    add(name, name + "=" + actual + ">=" + bound, actual >= bound, "too little");
  }

  /** A count with an upper bound. */
  public void atMost(String name, long bound, long actual) {
    add(name, name + "=" + actual + "<=" + bound, actual <= bound, "too much");
  }

  /** Something that is true. */
  public void holds(String what, boolean is) {
    add(what, what, is, "it is not so");
  }

  /** Nothing lost, duplicated, unexpected, without a place, or out of order. */
  public void ledger(Audit audit) {
    ledger(audit.balance());
    equal("gaps", 0, audit.gaps());
    equal("disordered", 0, audit.disordered());
  }

  /** Nothing lost, duplicated or unexpected. */
  public void ledger(Ledger.Balance balance) {
    note("accepted", balance.accepted());
    note("refused", balance.refused());
    note("unknown", balance.unknown());
    note("stored", balance.stored());
    equal("lost", 0, balance.lost());
    equal("duplicated", 0, balance.duplicated());
    equal("unexpected", 0, balance.unexpected());
  }

  /** The row could not go on. */
  public void broken(Throwable cause) {
    Throwable root = cause;
    // a time-out has no message of its own: what waited says for what
    while (root.getCause() != null && root.getCause().getMessage() != null) {
      root = root.getCause();
    }
    complete = false;
    add(
        "ended early",
        root.getClass().getSimpleName() + ": " + root.getMessage(),
        false,
        "ended early");
  }

  /** Whether everything was as expected. */
  public boolean hold() {
    return missed.isEmpty();
  }

  /** Names of the figures that were other than expected, the first first. */
  public Set<String> missed() {
    return Collections.unmodifiableSet(missed);
  }

  /** Whether the row came to its end: a control that did not proves nothing. */
  public boolean complete() {
    return complete;
  }

  private void add(String name, String figure, boolean holds, String otherwise) {
    if (holds && figure.isEmpty()) {
      return;
    }
    figures.add(holds ? figure : "!! " + figure + " (" + otherwise + ")");
    if (!holds) {
      missed.add(name);
    }
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
