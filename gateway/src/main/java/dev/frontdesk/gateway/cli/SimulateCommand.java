// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.simulation.BuiltInTraces;
import dev.frontdesk.gateway.simulation.Outcome;
import dev.frontdesk.gateway.simulation.SimulationFiles;
import dev.frontdesk.gateway.simulation.Simulator;
import dev.frontdesk.gateway.simulation.Staff;
import dev.frontdesk.gateway.simulation.StaffSearch;
import dev.frontdesk.gateway.simulation.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simulate}: what routing policies and staffings would come to, before anybody waits. */
@Command(
    name = "simulate",
    description =
        "Plays a day of arrivals against the real routing and clocks; compares policies, finds"
            + " the smallest staffing.",
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {

  private final ConfigLoader loader;
  private final Function<FrontdeskConfig.Workspace, Simulator> simulators;
  private final PrintWriter out;
  private final PrintWriter err;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "CSV: at,channel,promise,target,weight,skills,handling; or normal, busy, overload,"
              + " double11, vip-flood; all of these when absent.")
  private @Nullable String trace;

  @Option(
      names = "--agents",
      paramLabel = "FILE",
      description =
          "CSV: id,skills,capacity,from,to; 30 agents, one conversation each, when absent.")
  private @Nullable Path agents;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      split = ",",
      description = "keep-promises, edf, strict, ageing or fifo; may be repeated; all when absent.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Takes promises, costs and levers from this configuration.")
  private @Nullable Path config;

  @Option(
      names = "--workspace",
      paramLabel = "ID",
      description = "Of the configuration, when it has several.")
  private @Nullable String workspace;

  @Option(names = "--json", description = "Prints one JSON array and nothing else.")
  private boolean json;

  @Option(
      names = "--find-agents",
      description = "Finds the fewest agents, cloned from those of the file, that --keep enough.")
  private boolean findAgents;

  @Option(
      names = "--keep",
      paramLabel = "SHARE",
      description = "Promises to keep with --find-agents, such as 90%%.")
  private @Nullable String keep;

  /**
   * The command.
   *
   * @param simulators by the levers and costs of a workspace
   */
  public SimulateCommand(
      ConfigLoader loader,
      Function<FrontdeskConfig.Workspace, Simulator> simulators,
      PrintWriter out,
      PrintWriter err) {
    this.loader = loader;
    this.simulators = simulators;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    List<String> names = policies();
    double share = keep();
    Simulator simulator = simulator();
    List<Trace> traces = traces();
    Staff staff =
        agents == null ? Staff.alike(BuiltInTraces.AGENTS) : SimulationFiles.staff(agents);
    SimulationReport report = new SimulationReport(out, err, json);
    for (Trace one : traces) {
      if (findAgents) {
        report.staffing(one, search(simulator, one, staff, names, share), share);
      } else {
        long before = System.nanoTime();
        List<Outcome> outcomes = simulator.compare(one, staff, names);
        report.comparison(one, staff, outcomes, System.nanoTime() - before);
      }
    }
    return report.end() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private List<Map.Entry<String, java.util.Optional<Outcome>>> search(
      Simulator simulator, Trace one, Staff staff, List<String> names, double share) {
    StaffSearch search = new StaffSearch(simulator);
    return names.parallelStream()
        .map(name -> Map.entry(name, search.fewest(one, staff, name, share)))
        .collect(Collectors.toList());
  }

  private List<String> policies() {
    for (String policy : policies) {
      if (!RoutingPolicy.NAMES.contains(policy)) {
        throw usage(
            "--policy is '"
                + policy
                + "', expected one of "
                + String.join(", ", RoutingPolicy.NAMES));
      }
    }
    return policies.isEmpty() ? RoutingPolicy.NAMES : List.copyOf(new LinkedHashSet<>(policies));
  }

  private double keep() {
    if (findAgents != (keep != null)) {
      throw usage("--find-agents and --keep go together: --find-agents --keep 90%");
    }
    if (keep == null) {
      return 0;
    }
    try {
      boolean percent = keep.endsWith("%");
      double number = Double.parseDouble(percent ? keep.substring(0, keep.length() - 1) : keep);
      double share = percent ? number / 100 : number;
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw usage("--keep is '" + keep + "', expected a share such as 90% or 0.9");
    }
    throw usage("--keep is '" + keep + "', expected a share such as 90% or 0.9");
  }

  private List<Trace> traces() throws IOException {
    if (trace == null) {
      return BuiltInTraces.NAMES.stream().map(BuiltInTraces::named).toList();
    }
    Path file = Path.of(trace);
    if (!Files.exists(file) && BuiltInTraces.NAMES.contains(trace)) {
      return List.of(BuiltInTraces.named(trace));
    }
    return List.of(SimulationFiles.trace(file));
  }

  private Simulator simulator() {
    if (config == null) {
      return Simulator.plain();
    }
    Map<String, FrontdeskConfig.Workspace> known = loader.load(config).config().workspaces();
    String id =
        workspace == null && known.size() == 1 ? known.keySet().iterator().next() : workspace;
    FrontdeskConfig.Workspace found = id == null ? null : known.get(id);
    if (found == null) {
      throw usage(
          "--workspace is " + id + ", expected one of " + String.join(", ", known.keySet()));
    }
    return simulators.apply(found);
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), message);
  }
}
