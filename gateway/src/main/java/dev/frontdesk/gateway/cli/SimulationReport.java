// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.gateway.simulation.Figures;
import dev.frontdesk.gateway.simulation.Outcome;
import dev.frontdesk.gateway.simulation.Staff;
import dev.frontdesk.gateway.simulation.StaffSearch;
import dev.frontdesk.gateway.simulation.Trace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints outcomes, for people as they come or as one JSON array at the end. */
final class SimulationReport {

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private final JsonArray all = new JsonArray();
  private boolean found = true;

  /**
   * A report.
   *
   * @param err takes what is neither table nor JSON
   */
  SimulationReport(PrintWriter out, PrintWriter err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  void comparison(Trace trace, Staff staff, List<Outcome> outcomes, long nanos) {
    if (json) {
      outcomes.forEach(outcome -> all.add(json(outcome)));
    } else {
      title(trace, staff.members().size() + " agents");
      outcomes.forEach(this::table);
    }
    long events = outcomes.stream().mapToLong(Outcome::events).sum();
    double seconds = Math.max(1, nanos) / 1e9;
    (json ? err : out)
        .printf(
            Locale.ROOT,
            "%s: %d events in %.2f s, %.0f events per second%n",
            trace.name(),
            events,
            seconds,
            events / seconds);
  }

  void staffing(Trace trace, List<Map.Entry<String, Optional<Outcome>>> answers, double keep) {
    String share = percent(keep);
    if (!json) {
      title(trace, "fewest agents that keep " + share);
    }
    for (Map.Entry<String, Optional<Outcome>> answer : answers) {
      found &= answer.getValue().isPresent();
      if (json) {
        all.add(
            answer
                .getValue()
                .map(SimulationReport::json)
                .orElseGet(
                    () ->
                        new JsonObject()
                            .put("trace", trace.name())
                            .put("policy", answer.getKey())
                            .putNull("agents")));
      } else {
        out.printf(
            Locale.ROOT,
            "%s: %s%n",
            answer.getKey(),
            answer.getValue().map(this::agents).orElse(never()));
      }
    }
  }

  /**
   * Prints what is left to print.
   *
   * @return whether every question had an answer
   */
  boolean end() {
    if (json) {
      out.println(all.encode());
    }
    return found;
  }

  private String agents(Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%d agents keep %s (weighted %s), p90 %.1f s, use %s",
        outcome.agents(),
        percent(outcome.total().keptShare()),
        percent(outcome.total().weightedKeptShare()),
        outcome.total().waits().p90(),
        percent(outcome.agentUse()));
  }

  private static String never() {
    return "not even " + StaffSearch.MOST + " agents; does somebody have every skill?";
  }

  private void title(Trace trace, String what) {
    out.printf(
        Locale.ROOT, "%n%s: %d arrivals, %s%n%n", trace.name(), trace.arrivals().size(), what);
  }

  private void table(Outcome outcome) {
    out.printf(
        Locale.ROOT,
        "%-24s %9s %9s %8s %9s %9s %9s %9s %9s%n",
        outcome.policy(),
        "arrivals",
        "answered",
        "kept",
        "weighted",
        "p50 s",
        "p90 s",
        "p99 s",
        "max s");
    outcome.promises().forEach((promise, figures) -> row("  " + promise, figures));
    row("  total", outcome.total());
    out.printf(Locale.ROOT, "  agent use %s%s%n%n", percent(outcome.agentUse()), shares(outcome));
  }

  private void row(String name, Figures figures) {
    Figures.Waits waits = figures.waits();
    out.printf(
        Locale.ROOT,
        "%-24s %9d %9d %8s %9s %9.1f %9.1f %9.1f %9.1f%n",
        name,
        figures.arrivals(),
        figures.answered(),
        percent(figures.keptShare()),
        percent(figures.weightedKeptShare()),
        waits.p50(),
        waits.p90(),
        waits.p99(),
        waits.max());
  }

  /** What the hard bound and guaranteed shares did, if there was anything. */
  private static String shares(Outcome outcome) {
    StringBuilder text = new StringBuilder();
    if (outcome.boundDecisions() + outcome.passedOver() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "; hard bound %s of decisions, passed over in %d",
              percent((double) outcome.boundDecisions() / outcome.allDecisions()),
              outcome.passedOver()));
    }
    outcome
        .turns()
        .forEach(
            (promise, turns) ->
                text.append("; ")
                    .append(promise)
                    .append(" got ")
                    .append(percent(turns.share()))
                    .append(" of decisions while it waited"));
    return text.toString();
  }

  private static JsonObject json(Outcome outcome) {
    JsonObject promises = new JsonObject();
    outcome.promises().forEach((name, figures) -> promises.put(name, json(figures)));
    JsonObject decisions = new JsonObject();
    outcome.decisions().forEach(decisions::put);
    JsonObject shares = new JsonObject();
    outcome.turns().forEach((name, turns) -> shares.put(name, turns.share()));
    return new JsonObject()
        .put("trace", outcome.trace())
        .put("policy", outcome.policy())
        .put("agents", outcome.agents())
        .put("agentUse", outcome.agentUse())
        .put("total", json(outcome.total()))
        .put("promises", promises)
        .put("decisions", decisions)
        .put("passedOver", outcome.passedOver())
        .put("shareWhileWaiting", shares);
  }

  private static JsonObject json(Figures figures) {
    return new JsonObject()
        .put("arrivals", figures.arrivals())
        .put("answered", figures.answered())
        .put("kept", figures.kept())
        .put("keptShare", figures.keptShare())
        .put("weightedKeptShare", figures.weightedKeptShare())
        .put(
            "waitSeconds",
            new JsonObject()
                .put("p50", figures.waits().p50())
                .put("p90", figures.waits().p90())
                .put("p99", figures.waits().p99())
                .put("max", figures.waits().max()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }
}
