// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

/** What may go wrong at a platform. */
public enum Fault {
  /** 429 in the platform's words, with a pause of 30 s. */
  THROTTLED,
  /** 500 before anything was taken. */
  SERVER_ERROR,
  /** 503 before anything was taken. */
  UNAVAILABLE,
  /** 504: a proxy of the platform gave up; the message may have been taken. */
  GATEWAY_TIMEOUT,
  /** 200 with a page of HTML. */
  GARBAGE,
  /** 302 to another path of this server; following it is counted as a call. */
  REDIRECT,
  /** Reads the call and never answers; takes nothing. */
  SILENCE,
  /** Takes the message and never answers. */
  TAKEN_THEN_SILENCE,
  /** Closes the connection instead of answering; takes nothing. */
  DROP,
  /** Takes the message, then closes the connection. */
  TAKEN_THEN_DROP,
  /** Takes the message and answers one byte each 100 ms. */
  SLOW_BODY;

  boolean takes() {
    return this == TAKEN_THEN_SILENCE || this == TAKEN_THEN_DROP || this == SLOW_BODY;
  }
}
