// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.simulation.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The busiest stretch of a trace, played faster: every time in it is divided by the speed. */
final class TraceSlice {

  private TraceSlice() {}

  /**
   * So many arrivals in a row, those that come in the shortest time; the first comes after a second
   * of the slice's own time.
   *
   * @param speed by which arrivals, targets and handling times are divided; rounded to milliseconds
   * @throws IllegalArgumentException when the trace has fewer arrivals
   */
  static Trace of(Trace whole, int arrivals, double speed) {
    List<Trace.Arrival> all = whole.arrivals();
    if (arrivals < 1 || arrivals > all.size()) {
      throw new IllegalArgumentException(
          arrivals + " conversations, expected 1 to " + all.size() + " of " + whole.name());
    }
    int first = 0;
    for (int i = 0; i + arrivals <= all.size(); i++) {
      first = span(all, i, arrivals) < span(all, first, arrivals) ? i : first;
    }
    long began = all.get(first).atMillis();
    Map<Trace.Kind, Trace.Kind> kinds = new HashMap<>();
    return new Trace(
        whole.name(),
        all.subList(first, first + arrivals).stream()
            .map(
                one ->
                    new Trace.Arrival(
                        1_000 + faster(one.atMillis() - began, speed),
                        faster(one.handlingMillis(), speed),
                        kinds.computeIfAbsent(one.kind(), kind -> faster(kind, speed))))
            .toList());
  }

  private static long span(List<Trace.Arrival> all, int from, int arrivals) {
    return all.get(from + arrivals - 1).atMillis() - all.get(from).atMillis();
  }

  private static Trace.Kind faster(Trace.Kind kind, double speed) {
    return new Trace.Kind(
        kind.channel(),
        kind.promise(),
        Math.max(1, faster(kind.targetMillis(), speed)),
        kind.weight(),
        kind.skills());
  }

  private static long faster(long millis, double speed) {
    return Math.round(millis / speed);
  }
}
