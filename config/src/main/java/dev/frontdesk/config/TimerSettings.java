// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

/** {@code timers}. */
public record TimerSettings(
    @Default("50%")
        @Doc(
            "Share of the time in which timers take effect once they are late; the rest is left to"
                + " messages.")
        Share share) {
  public TimerSettings {
    if (share.value() <= 0) {
      throw new IllegalArgumentException("share is 0%, expected more: nothing due would ever end");
    }
  }
}
