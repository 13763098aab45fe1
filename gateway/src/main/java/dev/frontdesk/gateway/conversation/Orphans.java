// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Timer;

/**
 * Edits and withdrawals that wait for one message.
 *
 * @param target digest of the message's event key
 */
record Orphans(String channel, String target) {

  /** Its row: {@code O:<channel>.<digest>:1}; one for all that wait for the message. */
  Timer timer() {
    return new Timer(Timer.Kind.ORPHAN, channel + "." + target, 1);
  }

  /** Reads {@link #timer()}; throws IllegalArgumentException on anything else. */
  static Orphans of(Timer timer) {
    int dot = timer.subject().lastIndexOf('.');
    if (timer.kind() != Timer.Kind.ORPHAN || dot < 1) {
      throw new IllegalArgumentException(
          "'" + timer.subject() + "' stands for no message, expected channel.digest");
    }
    return new Orphans(timer.subject().substring(0, dot), timer.subject().substring(dot + 1));
  }
}
