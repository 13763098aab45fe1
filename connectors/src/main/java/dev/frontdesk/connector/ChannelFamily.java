// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/** The kind of medium a channel belongs to; the closed list of {@code channel.family} in rules. */
public enum ChannelFamily {
  PHONE,
  EMAIL,
  WEBCHAT,
  WECHAT,
  SOCIAL,
  GENERIC;

  /** The family as configuration, rules and metrics spell it: {@code generic}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
