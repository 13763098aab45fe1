// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Who is served next. Pure and without state: what it must remember it is given and gives back. */
public interface RoutingPolicy {

  /**
   * Where a conversation stands in its bucket's lane: lowest first. Static, so that a lane is one
   * sorted set. Exact in a double until the year 6429: milliseconds and sixteenths for priority.
   *
   * @param priority 1 highest … 9
   */
  double score(Instant due, int priority, Instant arrival);

  /**
   * Picks one of the conversations that may be served now, at the cost of one look at each.
   *
   * @param candidates the heads of the lanes of all buckets; not empty
   */
  Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now);

  /**
   * What was picked, by which rule, and what to remember for the next decision.
   *
   * @param rule policy and lane: {@code keep-promises/on-time}
   */
  record Choice(Waiting picked, String rule, DecisionMemory memory) {}

  /** The policy of that name in the configuration; it has validated the name. */
  static RoutingPolicy named(String name, double lateShare, Duration hardBound) {
    return switch (name) {
      case "keep-promises" -> new KeepPromises(lateShare, hardBound);
      case "fifo" -> new Fifo();
      default ->
          throw new IllegalArgumentException(
              "routing policy '" + name + "' is not known, expected keep-promises or fifo");
    };
  }

  /** An instant in milliseconds, then priority in sixteenths. */
  static double scoreOf(Instant first, int priority) {
    return first.toEpochMilli() + (Math.max(1, Math.min(16, priority)) - 1) / 16.0;
  }
}
