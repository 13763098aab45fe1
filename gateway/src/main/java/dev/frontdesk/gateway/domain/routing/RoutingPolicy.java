// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Who is served next. Pure and without state: what it must remember it is given and gives back. */
public interface RoutingPolicy {

  /** Every policy by its name in the configuration, the default first. */
  List<String> NAMES = List.of("keep-promises", "edf", "strict", "ageing", "fifo");

  /** Deadline, priority, arrival; the id last, so that no order is left to chance. */
  Comparator<Waiting> BY_DEADLINE =
      Comparator.comparing(Waiting::due)
          .thenComparingInt(Waiting::priority)
          .thenComparing(Waiting::arrival)
          .thenComparing(w -> w.id().value());

  /**
   * Where a conversation stands in its bucket's lane: lowest first. Static, so that a lane is one
   * sorted set; exact, because all of one bucket have the same promise. A double keeps milliseconds
   * and sixteenths for priority until the year 6429.
   *
   * @param priority 1 highest … 9
   */
  double score(Instant due, int priority, Instant arrival);

  /** Whether in a lane, but for exceptions, who came earlier stands first. */
  default boolean isByAge() {
    return true;
  }

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
  record Choice(Waiting picked, String rule, DecisionMemory memory) {

    /** The same choice with something else to remember. */
    Choice remembering(DecisionMemory other) {
      return new Choice(picked, rule, other);
    }
  }

  /** The policy of that name in the configuration; it has validated the name. */
  static RoutingPolicy named(String name, Levers levers) {
    return switch (name) {
      case "keep-promises" -> new KeepPromises(levers);
      case "edf" -> new Edf();
      case "strict" -> new Strict(levers.promises());
      case "ageing" -> new Ageing(levers.promises());
      case "fifo" -> new Fifo();
      default ->
          throw new IllegalArgumentException(
              "routing policy '" + name + "' is not known, expected one of " + NAMES);
    };
  }

  /** The same with all promises alike. */
  static RoutingPolicy named(String name, double lateShare, Duration hardBound) {
    return named(name, new Levers(lateShare, hardBound, PromiseTable.EMPTY));
  }

  /** An instant in milliseconds, then priority in sixteenths. */
  static double scoreOf(Instant first, int priority) {
    return first.toEpochMilli() + (Math.max(1, Math.min(16, priority)) - 1) / 16.0;
  }

  /** The first of the candidates in an order, by a rule that remembers nothing. */
  static Choice first(
      Comparator<Waiting> order, List<Waiting> candidates, String rule, DecisionMemory memory) {
    Waiting first = candidates.get(0);
    for (Waiting candidate : candidates) {
      first = order.compare(candidate, first) < 0 ? candidate : first;
    }
    return new Choice(first, rule, memory);
  }
}
