// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A person who answers, as the configuration names them.
 *
 * @param skills skill to level, 1…10
 * @param capacity the sum of costs the agent may hold at once
 */
public record Agent(
    Id id, List<String> queues, Map<String, Integer> skills, List<String> languages, int capacity) {
  public Agent {
    queues = List.copyOf(queues);
    skills = Map.copyOf(skills);
    languages = List.copyOf(languages);
  }

  /** The id of an agent: its key under {@code agents}. */
  public record Id(String value) {
    @Override
    public String toString() {
      return value;
    }
  }

  /** What an agent says of being there. */
  public enum Presence {
    AVAILABLE,
    BUSY,
    AWAY,
    OFFLINE;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
