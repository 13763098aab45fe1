// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

/**
 * Why an event does not apply; nothing changed (for {@code NOT_OWNER} a note may have been kept).
 *
 * @param message what was found and what was expected
 */
public record Refusal(Code code, String message) {

  /** The problem codes of the public contract. */
  public enum Code {
    NOT_OWNER("not-owner"),
    STALE_SESSION("stale-session"),
    TAKEN("taken"),
    EXPIRED("expired"),
    NO_OFFER("no-offer"),
    SEND_WINDOW("send-window"),
    WRONG_STATE("wrong-state"),
    CLOSED("closed"),
    NO_CAPACITY("no-capacity"),
    AGENT_GONE("agent-gone"),
    QUEUE_FULL("queue-full"),
    FULL("conversation-full"),
    UNKNOWN_TARGET("unknown-target"),
    /** There is a conversation of that id, but its existence is none of the sender's business. */
    NOT_FOUND("not-found"),
    ANSWERED("already-answered");

    private final String label;

    Code(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
