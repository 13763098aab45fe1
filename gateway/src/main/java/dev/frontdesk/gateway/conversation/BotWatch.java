// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import java.time.Instant;

/** Knows how bots did lately. Thread-safe; answers at once. */
public interface BotWatch {

  /**
   * Whether a new conversation may go to the bot now. While it rests that is true once in a while,
   * and whoever was told so is the one that tries it.
   */
  boolean admits(Workspace workspace, String bot, Instant now);

  /** The bot replied, resolved or handed over by itself. */
  void answered(Workspace workspace, String bot);

  /** Every bot is asked always. */
  static BotWatch none() {
    return new BotWatch() {
      @Override
      public boolean admits(Workspace workspace, String bot, Instant now) {
        return true;
      }

      @Override
      public void answered(Workspace workspace, String bot) {}
    };
  }
}
