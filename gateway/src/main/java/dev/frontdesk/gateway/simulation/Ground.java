// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.ClockPolicy;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules a trace is played by: what each kind of conversation is to the router, and the levers.
 * Promises and costs that the configuration names are the configuration's; all else is the trace's.
 */
final class Ground {

  private static final double NO_WARNING = 1;

  private final Map<Trace.Kind, Place> places = new HashMap<>();
  private final Map<String, PromiseClass> classes = new LinkedHashMap<>();
  private final Levers levers;

  /**
   * The ground of one trace.
   *
   * @param levers with the promises of the configuration, if there is one
   * @param costs of conversations per channel; 1 for a channel that is not named
   */
  Ground(Trace trace, Levers levers, Map<String, Integer> costs) {
    classes.putAll(levers.promises().byName());
    Map<String, PromiseClass> configured = levers.promises().byName();
    for (Trace.Arrival arrival : trace.arrivals()) {
      places.computeIfAbsent(arrival.kind(), kind -> place(kind, configured, costs));
    }
    this.levers = new Levers(levers.lateShare(), levers.hardBound(), new PromiseTable(classes));
  }

  /**
   * Where a kind of conversation waits.
   *
   * @param weight what keeping its promise is worth
   * @param clock how the first response of its promise is timed
   */
  record Place(
      String promise, Bucket bucket, Duration target, double weight, int cost, ClockPolicy clock) {}

  Place place(Trace.Kind kind) {
    return java.util.Objects.requireNonNull(places.get(kind));
  }

  Levers levers() {
    return levers;
  }

  /** Names of the promises that come up, in order of their targets. */
  List<String> promises() {
    return places.values().stream()
        .sorted(java.util.Comparator.comparing(Place::target).thenComparing(Place::promise))
        .map(Place::promise)
        .distinct()
        .toList();
  }

  private Place place(
      Trace.Kind kind, Map<String, PromiseClass> configured, Map<String, Integer> costs) {
    PromiseClass told =
        configured.getOrDefault(
            kind.promise(),
            new PromiseClass(Duration.ofMillis(kind.targetMillis()), kind.weight(), 0));
    String name = name(kind.promise(), told);
    classes.putIfAbsent(name, told);
    Bucket bucket = new Bucket(Simulator.QUEUE, name, kind.skills());
    int cost = costs.getOrDefault(kind.channel(), 1);
    return new Place(
        kind.promise(),
        bucket,
        told.target(),
        told.weight(),
        cost,
        ClockPolicy.plain(told.target(), NO_WARNING));
  }

  /** A promise that the trace gives several targets or weights is one class for each. */
  private String name(String promise, PromiseClass told) {
    PromiseClass known = classes.get(promise);
    return known == null || known.equals(told)
        ? promise
        : promise + "@" + told.target().toMillis() + "x" + told.weight();
  }
}
