// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.Waiting;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Counts during a play, per promise and per rule. Used from one thread. */
final class Scores {

  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Map<String, Long> rules = new HashMap<>();
  private final Map<String, Outcome.Turns> turns = new HashMap<>();
  private final Set<String> guaranteed = new HashSet<>();

  Scores(Ground ground) {
    ground.promises().forEach(promise -> tallies.put(promise, new Tally()));
    Map<String, PromiseClass> classes = ground.levers().promises().byName();
    classes.forEach(
        (name, promise) -> {
          if (promise.minShare() > 0) {
            guaranteed.add(name);
          }
        });
  }

  void arrived(Ground.Place place) {
    tally(place).arrived(place.weight());
  }

  void answered(Ground.Place place, long waitedMillis, boolean kept) {
    tally(place).answered(waitedMillis, kept, place.weight());
  }

  private Tally tally(Ground.Place place) {
    return java.util.Objects.requireNonNull(tallies.get(place.promise()));
  }

  /** One more decision. */
  void decided(RoutingPass.Decision decision) {
    rules.merge(decision.rule(), 1L, Long::sum);
    if (guaranteed.isEmpty()) {
      return;
    }
    String got = decision.waiting().bucket().promise();
    Set<String> waiting = new HashSet<>();
    for (Waiting one : decision.among()) {
      waiting.add(one.bucket().promise());
    }
    waiting.retainAll(guaranteed);
    for (String promise : waiting) {
      turns.merge(
          promise,
          new Outcome.Turns(1, promise.equals(got) ? 1 : 0),
          (a, b) -> new Outcome.Turns(a.waiting() + b.waiting(), a.got() + b.got()));
    }
  }

  Outcome outcome(Trace trace, String policy, Floor floor, long passedOver, int arrivals) {
    Tally total = new Tally();
    Map<String, Figures> promises = new LinkedHashMap<>();
    tallies.forEach(
        (promise, tally) -> {
          promises.put(promise, tally.figures());
          total.add(tally);
        });
    return new Outcome(
        trace.name(),
        policy,
        floor.size(),
        total.figures(),
        promises,
        floor.use(),
        rules,
        passedOver,
        turns,
        arrivals + floor.changes());
  }
}
