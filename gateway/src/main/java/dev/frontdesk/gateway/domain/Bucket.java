// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Map;
import java.util.TreeMap;

/**
 * The set of waiting conversations that the same agents may serve: queue × promise × required
 * skills. Each has an on-time and a late lane.
 */
public record Bucket(String queue, String promise, Map<String, Integer> skills) {
  public Bucket {
    skills = Map.copyOf(skills);
  }

  /** {@code support|urgent|refunds:2,vip:1}: stable, skills in alphabetical order. */
  public String id() {
    StringBuilder id = new StringBuilder(queue).append('|').append(promise).append('|');
    new TreeMap<>(skills).forEach((s, l) -> id.append(s).append(':').append(l).append(','));
    return id.toString();
  }

  /** Reads {@link #id()}. */
  public static Bucket parse(String id) {
    String[] parts = id.split("\\|", -1);
    Map<String, Integer> skills = new TreeMap<>();
    for (String skill : parts[2].split(",", -1)) {
      if (!skill.isEmpty()) {
        int colon = skill.lastIndexOf(':');
        skills.put(skill.substring(0, colon), Integer.valueOf(skill.substring(colon + 1)));
      }
    }
    return new Bucket(parts[0], parts[1], skills);
  }

  /** Whether an agent may serve this bucket: serves the queue and has every skill at its level. */
  public boolean admits(Agent agent) {
    return agent.queues().contains(queue)
        && skills.entrySet().stream()
            .allMatch(s -> agent.skills().getOrDefault(s.getKey(), 0) >= s.getValue());
  }
}
