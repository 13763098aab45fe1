// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.load.cluster.ClusterRun;
import dev.frontdesk.load.cluster.UpgradeRun;
import dev.frontdesk.load.fault.FaultPages;
import dev.frontdesk.load.generator.Generator;
import dev.frontdesk.load.results.Figures;
import dev.frontdesk.load.results.Recording;
import dev.frontdesk.load.soak.SoakRun;
import dev.frontdesk.load.wake.DeliveryRun;
import dev.frontdesk.load.wake.IdleRun;
import dev.frontdesk.load.wake.WakeRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The command line of the load tests: one scenario each; exit code 0 only for a clean run. */
public final class LoadTests {

  private static final String USAGE =
      """
      [--record] SCENARIO            a clean run goes into load-tests/results if it is recorded
      figures [--write]              the tables of recorded runs and faults (into the READMEs)
      scenarios:
        ratio [ROUNDS]               intake against bare XADD on the same Redis (5)
        baselines [ROUNDS] [SECONDS] the same and bare servers that do more and more of it (5 12)
        timers-handover [CLOCKS]     clocks armed by a gateway that is killed (10000)
        timers [CLOCKS] [SECONDS]    clocks due while messages come in (100000 60)
        clocks [CLOCKS] [SHARE]      many armed clocks, all due in one second (1000000 50%)
        crash-gateway [ROUNDS]       kill -9 of the gateway under load (20)
        crash-redis [ROUNDS] [FSYNC] kill -9 of Redis and loss of unsynced bytes (10 always)
        one-contact                  two gateways, 8 writers, one contact, each message three times
        decision-cost [ROUNDS]       a routing decision at four sizes, in turns (60)
        simulation [ARRIVALS]        how long the simulator takes, by policy (1000000)
        agreement [SHAPE] [OPTIONS]  a trace by the simulator and by a live gateway (busy; options
                                     --conversations 2000 --speed 20 --agents 30
                                     --policy keep-promises)
        agreement-plan [SHAPE] [OPTIONS]  only what the simulator says of it
        cluster [KILLS]              a cluster: masters killed, a slot moved, gateways restarted (2)
        sentinel                     a master that sentinels watch is killed
        delivery [PER_SECOND] [SECONDS]  webhook to the poll of the agent who waits (half the
                                     ceiling, 60)
        wake [POLLS]                 agents in long-polls, all woken within a second (10000)
        idle [POLLS] [SOCKETS]       memory per idle long-poll and socket (10000 10000)
        generate [FILE|NAME] [--step-seconds N] [--warm-up N] [--ceiling N]
                                     a scenario file (load-tests/scenarios), in steps around the
                                     ceiling (peak)
        upgrade [JAR|COMMIT]         gateways replaced one by one, by an older version and back
        soak [MINUTES] [SHARE]       load with faults now and then: does anything grow (30 70%)
        footprint                    bytes per entity, start time, resident memory
      """;

  private LoadTests() {}

  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            true,
            java.nio.charset.StandardCharsets.UTF_8);
    boolean recorded = args.length > 0 && args[0].equals("--record");
    List<String> scenario = List.of(args).subList(recorded ? 1 : 0, args.length);
    if (scenario.isEmpty()) {
      out.print(USAGE);
      System.exit(2);
    }
    if (scenario.contains("--help") || scenario.contains("-h")) {
      out.print(USAGE);
      System.exit(0);
    }
    if (scenario.equals(List.of("figures")) || scenario.equals(List.of("figures", "--write"))) {
      new Figures(Figures.project()).print(out, scenario.contains("--write"));
      new FaultPages(Figures.project()).print(out, scenario.contains("--write"));
      return;
    }
    System.exit(recorded ? recorded(scenario, out) : clean(scenario, out));
  }

  /** A run whose end is kept if it is a result; the exit code is the run's. */
  private static int recorded(List<String> scenario, PrintStream out) throws IOException {
    Recording recording = new Recording(Figures.project());
    int code = clean(scenario, recording.over(out));
    out.println(recording.end(scenario, code == 0, LocalDate.now(ZoneOffset.UTC)));
    return code;
  }

  /** 0 for a clean run, 1 for another, 2 where the arguments are wrong. */
  private static int clean(List<String> args, PrintStream out) throws IOException {
    Path folder = Files.createTempDirectory("fd-load").toRealPath();
    LeftBehind.endWithThisProcess(folder);
    long seed = Long.getLong("seed", System.nanoTime());
    boolean clean = false;
    try {
      clean = run(new Arguments(args).bounded(), folder, out, seed);
    } catch (WrongUsage refused) {
      delete(folder);
      out.println(refused.getMessage());
      out.println("load-tests/run without arguments lists what there is");
      return 2;
    } finally {
      if (clean && System.getProperty("keep") == null) {
        delete(folder);
      } else if (Files.exists(folder)) {
        out.println("kept " + folder);
      }
    }
    out.println(clean ? "CLEAN" : "NOT CLEAN");
    return clean ? 0 : 1;
  }

  private static boolean run(Arguments args, Path folder, PrintStream out, long seed)
      throws IOException {
    return switch (args.scenario()) {
      case "ratio" -> new IntakeRatio(folder, out, seed).run(args.number(1, "ROUNDS", 5));
      case "baselines" ->
          new Baselines(folder, out, seed)
              .run(args.number(1, "ROUNDS", 5), Duration.ofSeconds(args.number(2, "SECONDS", 12)));
      case "timers-handover" ->
          new TimerRun(folder, out, seed).handover(args.number(1, "CLOCKS", 10_000));
      case "timers" ->
          new TimerRun(folder, out, seed)
              .underLoad(
                  args.number(1, "CLOCKS", 100_000),
                  Duration.ofSeconds(args.number(2, "SECONDS", 60)),
                  300);
      case "clocks" ->
          new ClockStorm(folder, out, seed)
              .run(args.number(1, "CLOCKS", 1_000_000), args.share(2, "SHARE", "50%"));
      case "crash-gateway" -> {
        try (CrashRun run = new CrashRun(folder, out, seed)) {
          yield run.gateway(args.number(1, "ROUNDS", 20), true);
        }
      }
      case "crash-redis" -> {
        try (CrashRun run = new CrashRun(folder, out, seed)) {
          yield run.redis(
              args.number(1, "ROUNDS", 10),
              args.choice(2, "FSYNC", List.of("always", "everysec")),
              20_000);
        }
      }
      case "one-contact" -> new OneContact(folder, out).run();
      case "decision-cost" -> new DecisionCost(out, seed).run(args.number(1, "ROUNDS", 60));
      case "simulation" ->
          new SimulationSpeed(out, seed).run(args.number(1, "ARRIVALS", 1_000_000));
      case "agreement" -> new Agreement(folder, out).run(Agreement.Plan.of(args));
      case "agreement-plan" -> new Agreement(folder, out).simulate(Agreement.Plan.of(args));
      case "cluster" -> {
        try (ClusterRun run = new ClusterRun(folder, out, seed)) {
          yield run.cluster(args.number(1, "KILLS", 2));
        }
      }
      case "sentinel" -> {
        try (ClusterRun run = new ClusterRun(folder, out, seed)) {
          yield run.sentinel();
        }
      }
      case "delivery" ->
          new DeliveryRun(folder, out, seed)
              .run(args.number(1, "PER_SECOND", 0, 100_000), args.number(2, "SECONDS", 60, 3_600));
      case "wake" -> new WakeRun(folder, out).run(args.number(1, "POLLS", 10_000));
      case "idle" ->
          new IdleRun(folder, out)
              .run(args.number(1, "POLLS", 10_000), args.number(2, "SOCKETS", 10_000));
      case "generate" -> {
        try (Generator generator = new Generator(folder, out, seed)) {
          yield generator.run(args.rest());
        }
      }
      case "upgrade" -> {
        try (UpgradeRun run = new UpgradeRun(folder, out, seed)) {
          yield run.run(OlderJar.asked(args.word(1)));
        }
      }
      case "soak" -> {
        try (SoakRun run = new SoakRun(folder, out, seed)) {
          yield run.run(args.number(1, "MINUTES", 30), args.share(2, "SHARE", "70%"));
        }
      }
      case "footprint" -> new Footprint(folder, out).run();
      default -> throw new WrongUsage("there is no scenario " + args.scenario());
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
