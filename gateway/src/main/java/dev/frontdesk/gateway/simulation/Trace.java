// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Conversations as they come in, in order of time.
 *
 * @param name of the file or of the built-in trace
 */
public record Trace(String name, List<Arrival> arrivals) {

  /** In order of time; what came at the same moment keeps its order. */
  public Trace {
    arrivals = arrivals.stream().sorted(Comparator.comparingLong(Arrival::atMillis)).toList();
  }

  /**
   * One conversation.
   *
   * @param atMillis since the beginning of the trace
   * @param handlingMillis how long it occupies the agent who answers it
   */
  public record Arrival(long atMillis, long handlingMillis, Kind kind) {}

  /**
   * What many conversations have in common; the same instance for all of them.
   *
   * @param promise its name
   * @param targetMillis time to the first response, more than 0
   * @param weight what keeping the promise is worth, more than 0
   * @param skills required, with levels
   */
  public record Kind(
      String channel,
      String promise,
      long targetMillis,
      double weight,
      Map<String, Integer> skills) {
    public Kind {
      skills = Map.copyOf(skills);
    }
  }
}
