// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A trace played by one policy.
 *
 * @param promises by name, the shortest target first
 * @param agentUse held costs over capacity while agents were there, 0…1
 * @param decisions by rule
 * @param passedOver decisions that passed over a conversation past the hard bound
 * @param turns by promise with a guaranteed share: decisions while it waited for who had room, and
 *     those it got
 * @param events arrivals, answers that ended, agents who came or went
 */
public record Outcome(
    String trace,
    String policy,
    int agents,
    Figures total,
    Map<String, Figures> promises,
    double agentUse,
    Map<String, Long> decisions,
    long passedOver,
    Map<String, Turns> turns,
    long events) {
  public Outcome {
    promises = Collections.unmodifiableMap(new LinkedHashMap<>(promises));
    decisions = Collections.unmodifiableMap(new TreeMap<>(decisions));
    turns = Collections.unmodifiableMap(new TreeMap<>(turns));
  }

  /** Decisions that could have been for a promise that waited, and how many of them were. */
  public record Turns(long waiting, long got) {

    /** 0…1; 1 when it never waited. */
    public double share() {
      return waiting == 0 ? 1 : (double) got / waiting;
    }
  }

  /** All decisions. */
  public long allDecisions() {
    return decisions.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Decisions that the hard bound made. */
  public long boundDecisions() {
    return decisions.getOrDefault("keep-promises/hard-bound", 0L);
  }
}
