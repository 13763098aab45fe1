// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

/** A part of the catalogue: the rows whose ids begin with its letter. */
enum Family {
  G("the gateway's process"),
  R("Redis and the way to it"),
  W("webhooks"),
  A("agents, bots, routing, timers"),
  O("what we send to platforms"),
  P("what is stored, and operations");

  private final String words;

  Family(String words) {
    this.words = words;
  }

  /** Whether a row belongs to it. */
  boolean has(String id) {
    return id.startsWith(name() + "-");
  }

  @Override
  public String toString() {
    return name() + ": " + words;
  }
}
