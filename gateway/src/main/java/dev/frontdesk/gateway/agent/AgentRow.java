// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.PresenceLease;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hash of one agent as it stands in the store; absent fields have their first value.
 *
 * @param load sum of the costs charged
 * @param idleSince since when the agent holds less than before
 * @param signedIn when the agent came last, or null when nobody needed to know
 */
public record AgentRow(
    PresenceLease lease, int load, Instant idleSince, @Nullable Instant signedIn) {

  static final String PRESENCE = "presence";
  static final String UNTIL = "until";
  static final String GENERATION = "gen";
  static final String IDLE = "idle";
  static final String SIGNED_IN = "in";
  private static final String LOAD = "load";

  /** Reads the hash; unreadable numbers count as absent. */
  public static AgentRow of(Map<String, String> hash) {
    PresenceLease lease =
        new PresenceLease(
            presence(hash.get(PRESENCE)),
            Instant.ofEpochMilli(number(hash.get(UNTIL))),
            (int) number(hash.get(GENERATION)));
    long signedIn = number(hash.get(SIGNED_IN));
    return new AgentRow(
        lease,
        (int) number(hash.get(LOAD)),
        Instant.ofEpochMilli(number(hash.get(IDLE))),
        signedIn == 0 ? null : Instant.ofEpochMilli(signedIn));
  }

  private static Agent.Presence presence(@Nullable String label) {
    try {
      return label == null
          ? Agent.Presence.OFFLINE
          : Agent.Presence.valueOf(label.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Agent.Presence.OFFLINE;
    }
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
