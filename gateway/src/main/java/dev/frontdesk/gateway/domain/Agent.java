// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.routing.PresenceLease;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A person who answers, as the configuration names them.
 *
 * @param skills skill to level, 1…10
 * @param capacity the sum of costs the agent may hold at once
 * @param delays per queue how long a conversation waits there before the agent gets it
 * @param lease how long it may be unheard of before it is offline
 */
public record Agent(
    Id id,
    List<String> queues,
    Map<String, Integer> skills,
    List<String> languages,
    int capacity,
    Map<String, Duration> delays,
    Duration lease) {
  public Agent {
    queues = List.copyOf(queues);
    skills = Map.copyOf(skills);
    languages = List.copyOf(languages);
    delays = Map.copyOf(delays);
  }

  /** An agent who polls all the time. */
  public Agent(
      Id id,
      List<String> queues,
      Map<String, Integer> skills,
      List<String> languages,
      int capacity,
      Map<String, Duration> delays) {
    this(id, queues, skills, languages, capacity, delays, PresenceLease.TERM);
  }

  /** An agent who gets everything of its queues at once. */
  public Agent(
      Id id,
      List<String> queues,
      Map<String, Integer> skills,
      List<String> languages,
      int capacity) {
    this(id, queues, skills, languages, capacity, Map.of());
  }

  /** Whether the agent has every one of these skills at its level. */
  public boolean has(Map<String, Integer> required) {
    for (Map.Entry<String, Integer> skill : required.entrySet()) {
      if (skills.getOrDefault(skill.getKey(), 0) < skill.getValue()) {
        return false;
      }
    }
    return true;
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
