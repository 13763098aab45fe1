// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.simulation.BuiltInTraces;
import dev.frontdesk.gateway.simulation.Outcome;
import dev.frontdesk.gateway.simulation.Simulator;
import dev.frontdesk.gateway.simulation.Staff;
import dev.frontdesk.gateway.simulation.Trace;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** How fast the simulator plays a million arrivals: busy days of 300 agents, one after another. */
final class SimulationSpeed {

  /** Issue 3. */
  private static final double MOST_SECONDS = 60;

  private static final int AGENTS = 300;

  private final PrintStream out;
  private final long seed;

  SimulationSpeed(PrintStream out, long seed) {
    this.out = out;
    this.seed = seed;
  }

  /** Whether every policy alone, and all side by side, took less than a minute. */
  boolean run(int arrivals) {
    int day = BuiltInTraces.of("busy", seed, AGENTS, 1).arrivals().size();
    Trace days = BuiltInTraces.of("busy", seed, AGENTS, arrivals / day + 2);
    Trace trace = new Trace(days.name(), days.arrivals().subList(0, arrivals));
    out.println("seed " + seed + ", " + arrivals + " arrivals, " + AGENTS + " agents");
    boolean quick = true;
    for (String policy : RoutingPolicy.NAMES) {
      quick &= play(trace, List.of(policy));
    }
    boolean together = play(trace, RoutingPolicy.NAMES);
    return quick && together;
  }

  private boolean play(Trace trace, List<String> policies) {
    long before = System.nanoTime();
    List<Outcome> outcomes = Simulator.plain().compare(trace, Staff.alike(AGENTS), policies);
    double seconds = (System.nanoTime() - before) / 1e9;
    long events = outcomes.stream().mapToLong(Outcome::events).sum();
    out.printf(
        Locale.ROOT,
        "%s: %.1f s, %.0f events per second, expected %.0f s at most%n",
        String.join(", ", policies),
        seconds,
        events / seconds,
        MOST_SECONDS);
    return seconds <= MOST_SECONDS;
  }
}
