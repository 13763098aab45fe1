// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The set of waiting conversations that the same agents may serve after the same wait: queue ×
 * promise × required skills × steps of triage. Each has an on-time and a late lane.
 *
 * @param skills required for as long as it waits; with {@link OfferTerms#SUPERVISOR} it is reserved
 * @param steps what triage asks for a while; none: what the queue asks
 */
public record Bucket(String queue, String promise, Map<String, Integer> skills, Steps steps) {

  private static final Steps RESERVED =
      new Steps(List.of(new Steps.Step(Map.of(OfferTerms.SUPERVISOR, 1), null)));

  public Bucket {
    skills = Map.copyOf(skills);
  }

  /** One that triage gave no steps. */
  public Bucket(String queue, String promise, Map<String, Integer> skills) {
    this(queue, promise, skills, Steps.NONE);
  }

  /**
   * {@code support|urgent|refunds:2,vip:1,}, with steps {@code …|refunds:4,=30000}: stable, skills
   * in alphabetical order.
   */
  public String id() {
    StringBuilder id = new StringBuilder(queue).append('|').append(promise).append('|');
    Steps.skills(id, skills);
    if (!steps.isEmpty()) {
      id.append('|').append(steps.id());
    }
    return id.toString();
  }

  /** Reads {@link #id()}. */
  public static Bucket parse(String id) {
    String[] parts = id.split("\\|", -1);
    return new Bucket(
        parts[0],
        parts[1],
        Steps.skills(parts[2]),
        parts.length > 3 ? Steps.parse(parts[3]) : Steps.NONE);
  }

  /**
   * What is asked for a while: while it is reserved supervisors, whatever triage asked. Like every
   * step that is passed over while nobody it admits is there.
   */
  @Override
  public Steps steps() {
    return isReserved() ? RESERVED : steps;
  }

  /** Whether supervisors come first for now. */
  public boolean isReserved() {
    return skills.containsKey(OfferTerms.SUPERVISOR);
  }

  /**
   * Whether an agent may serve this bucket, now or at some time: serves the queue and has every
   * skill at its level.
   */
  public boolean admits(Agent agent) {
    return agent.queues().contains(queue) && agent.has(isReserved() ? lasting() : skills);
  }

  /** What is asked of supervisors and of others alike. */
  private Map<String, Integer> lasting() {
    Map<String, Integer> lasting = new HashMap<>(skills);
    lasting.remove(OfferTerms.SUPERVISOR);
    return lasting;
  }
}
