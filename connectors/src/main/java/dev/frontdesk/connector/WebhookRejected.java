// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/**
 * A webhook that is refused; the only exception {@link Connector#verify} and {@link
 * Connector#decode} throw. The message says what was wrong and what was expected and never holds a
 * secret or message text.
 */
public final class WebhookRejected extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why, and with it the HTTP status the platform gets. */
  public enum Reason {
    /** No or a wrong signature, or one outside the accepted time: 401. */
    UNAUTHENTICATED,
    /** The sender is known but may not do this (verification token differs): 403. */
    FORBIDDEN,
    /** Not what the platform's documentation describes: 400. */
    MALFORMED,
    /** Nothing lives below this path: 404. */
    NOT_FOUND,
    /** This channel cannot be posted to with that method: 405. */
    METHOD
  }

  private final Reason reason;

  public WebhookRejected(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public static WebhookRejected unauthenticated(String message) {
    return new WebhookRejected(Reason.UNAUTHENTICATED, message);
  }

  public static WebhookRejected malformed(String message) {
    return new WebhookRejected(Reason.MALFORMED, message);
  }

  public Reason reason() {
    return reason;
  }
}
