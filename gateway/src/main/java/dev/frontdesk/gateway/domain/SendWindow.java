// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.SendGrant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the platform still lets us send in a conversation.
 *
 * @param until end of the window, or null when the platform sets none
 * @param remaining messages left in it, or null when their number is free
 */
public record SendWindow(@Nullable Instant until, @Nullable Integer remaining) {

  public static final SendWindow UNLIMITED = new SendWindow(null, null);

  /** The window a grant opens at {@code now}. */
  public static SendWindow granted(SendGrant grant, Instant now) {
    return new SendWindow(now.plus(grant.window()), grant.messages());
  }

  /**
   * What holds after another grant: the later end counts. A click in a menu gives a minute at
   * WeChat; it takes nothing of the two days that a message before it gave.
   */
  SendWindow or(SendWindow granted, Instant now) {
    boolean stays =
        until != null && granted.until != null && until.isAfter(granted.until) && isOpen(now);
    return stays ? this : granted;
  }

  public boolean isOpen(Instant now) {
    return (until == null || now.isBefore(until)) && (remaining == null || remaining > 0);
  }

  /** Why it is not open: its time is over ({@code window}), or its messages are ({@code quota}). */
  public String cause(Instant now) {
    return until != null && !now.isBefore(until) ? "window" : "quota";
  }

  /** Whether one may be sent so that {@code kept} are left. */
  public boolean leaves(int kept, Instant now) {
    return isOpen(now) && (remaining == null || remaining > kept);
  }

  public SendWindow afterSending() {
    return remaining == null ? this : new SendWindow(until, Math.max(0, remaining - 1));
  }
}
