// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

/** What became of a message of the gateway's own. */
public enum Notified {
  /** It stands in the outbox. */
  SENT,
  /** It was sent before, or somebody else sent it. */
  BEFORE,
  /** The rules refuse it: its channel takes none now, or the conversation is full. */
  REFUSED
}
