// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

/** What is promised a time for; each is a clock of its own. */
public enum ClockKind {
  FIRST_RESPONSE("firstResponse", Timer.Kind.WARNING, Timer.Kind.BREACH),
  /** The answer to what a customer wrote after the first one. */
  NEXT_RESPONSE("nextResponse", Timer.Kind.NEXT_WARNING, Timer.Kind.NEXT_BREACH),
  RESOLUTION("resolution", Timer.Kind.RESOLUTION_WARNING, Timer.Kind.RESOLUTION_BREACH),
  /** What an outside party is to answer while a conversation is paused on it; nobody of ours. */
  SUPPLIER("supplier", Timer.Kind.SUPPLIER_WARNING, Timer.Kind.SUPPLIER_BREACH),
  /** What is to be done when a pause ended at its time. */
  FOLLOW_UP("followUp", Timer.Kind.FOLLOW_UP_WARNING, Timer.Kind.FOLLOW_UP_BREACH);

  private final String label;
  private final Timer.Kind warning;
  private final Timer.Kind breach;

  ClockKind(String label, Timer.Kind warning, Timer.Kind breach) {
    this.label = label;
    this.warning = warning;
    this.breach = breach;
  }

  /** Its name in the public contract. */
  public String label() {
    return label;
  }

  Timer.Kind warning() {
    return warning;
  }

  Timer.Kind breach() {
    return breach;
  }

  /**
   * Whether waiting for the customer stops it; a first response is never the customer's to give.
   */
  boolean pauses() {
    return this == NEXT_RESPONSE || this == RESOLUTION;
  }

  /** Whether only a message to the customer keeps it. */
  boolean isAnswered() {
    return this == FIRST_RESPONSE || this == NEXT_RESPONSE || this == FOLLOW_UP;
  }

  /** What an event about it is called: the supplier's promise is none of ours. */
  String event(String what) {
    return (this == SUPPLIER ? "supplier." : "promise.") + what;
  }
}
