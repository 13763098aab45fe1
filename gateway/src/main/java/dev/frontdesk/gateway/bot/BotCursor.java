// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.domain.Conversation;
import java.util.Optional;

/**
 * One frame a bot has to acknowledge: a message of a conversation. Bots see it as an opaque cursor
 * of contract characters, Redis as a member of the bot's frames.
 */
record BotCursor(Conversation.Id conversation, int seq) {

  /** {@code "ID seq"}: the member of the sorted set of frames. */
  String member() {
    return conversation + " " + seq;
  }

  /** {@code ID~seq}: what a bot sends back. */
  String text() {
    return conversation + "~" + seq;
  }

  /** Reads {@link #text()}; empty when it is none. */
  static Optional<BotCursor> parse(String text) {
    return parse(text, '~');
  }

  /** Reads {@link #member()}; empty when it is none. */
  static Optional<BotCursor> ofMember(String member) {
    return parse(member, ' ');
  }

  private static Optional<BotCursor> parse(String text, char separator) {
    int at = text.lastIndexOf(separator);
    // ten digits would not fit an int; no conversation has that many messages
    if (at < 1 || at == text.length() - 1 || text.length() - at > 10) {
      return Optional.empty();
    }
    boolean digits = text.substring(at + 1).chars().allMatch(c -> c >= '0' && c <= '9');
    return digits
        ? Optional.of(
            new BotCursor(
                new Conversation.Id(text.substring(0, at)),
                Integer.parseInt(text.substring(at + 1))))
        : Optional.empty();
  }
}
