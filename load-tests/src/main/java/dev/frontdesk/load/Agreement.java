// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.simulation.BuiltInTraces;
import dev.frontdesk.gateway.simulation.Trace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Plays the busiest stretch of a built-in trace twice, faster than it is: by the simulator, and by
 * a gateway of its own process with customers and agents on real sockets. Every time of the trace
 * is divided by the speed for both; what is the gateway's own is not (its memory of the pace of
 * decisions, time-outs, the network, the disk), nor is it in the simulator.
 */
final class Agreement {

  /** How far the kept shares of a promise may lie apart (issue 3). */
  private static final double FARTHEST = 0.01;

  private static final int CONNECTIONS = 32;

  /** For agents to come to work. */
  private static final Duration OPENING = Duration.ofSeconds(3);

  /** What may be left over when the simulator has finished: an agent's longest poll and more. */
  private static final Duration LEFT_OVER = Duration.ofSeconds(40);

  private final Path folder;
  private final PrintStream out;
  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = Clock.systemUTC();

  Agreement(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /**
   * What is played.
   *
   * @param shape a built-in trace
   * @param conversations how many in a row, where they come fastest
   * @param speed by which every time of the trace is divided
   */
  record Plan(String shape, int conversations, double speed, int agents, String policy) {

    private static final Set<String> OPTIONS =
        Set.of("--conversations", "--speed", "--agents", "--policy");

    /**
     * {@code [SHAPE] [--conversations N] [--speed N] [--agents N] [--policy NAME]}; without them
     * the trace's own staff, twenty times as fast.
     */
    static Plan of(Arguments args) {
      boolean named = args.words().size() > 1 && !args.word(1).startsWith("--");
      Map<String, String> options = args.options(named ? 2 : 1, OPTIONS);
      return new Plan(
          named ? args.choice(1, "SHAPE", BuiltInTraces.NAMES) : "busy",
          args.option(options, "--conversations", 2_000, 1_000_000),
          args.option(options, "--speed", 20, 1_000),
          args.option(options, "--agents", BuiltInTraces.AGENTS, 5_000),
          args.option(options, "--policy", "keep-promises", Set.copyOf(RoutingPolicy.NAMES)));
    }
  }

  /** Only the simulator's part: what to expect of a plan, at once. */
  boolean simulate(Plan plan) {
    Trace trace =
        TraceSlice.of(BuiltInTraces.named(plan.shape()), plan.conversations(), plan.speed());
    SimulatedVerdicts.Verdicts simulated =
        SimulatedVerdicts.of(trace, plan.agents(), plan.policy());
    announce(plan, trace, simulated);
    new Comparison(trace, simulated.kept()).print(out, false);
    return true;
  }

  /** Whether both keep the same share of each promise, and nothing is lost. */
  boolean run(Plan plan) {
    Trace trace =
        TraceSlice.of(BuiltInTraces.named(plan.shape()), plan.conversations(), plan.speed());
    SimulatedVerdicts.Verdicts simulated =
        SimulatedVerdicts.of(trace, plan.agents(), plan.policy());
    announce(plan, trace, simulated);
    HttpServer platform =
        CrashRun.await(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("{}"))
                .listen(0, "127.0.0.1"),
            10);
    URI sendUrl = URI.create("http://127.0.0.1:" + platform.actualPort() + "/");
    Path config = AgreementConfig.write(folder, trace, plan.agents(), plan.policy(), sendUrl);
    try (GatewayProcess gateway =
            GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of());
        Desks desks =
            new Desks(
                gateway.publicUrl(),
                plan.agents(),
                contact -> trace.arrivals().get(number(contact)).handlingMillis())) {
      pause(OPENING);
      IntakeLoad.Measured sent = send(gateway, trace);
      awaitResolved(desks, trace, Duration.ofMillis(simulated.endMillis()));
      return judged(gateway, desks, trace, simulated, sent);
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private void announce(Plan plan, Trace trace, SimulatedVerdicts.Verdicts simulated) {
    out.printf(
        Locale.ROOT,
        "%s, its %d fastest arrivals in a row, %d agents, %s; divided by %.0f: times of arrival,"
            + " targets, handling times, of both. Not divided: what the gateway does itself. The"
            + " simulator is done after %.0f s%n",
        plan.shape(),
        trace.arrivals().size(),
        plan.agents(),
        plan.policy(),
        plan.speed(),
        simulated.endMillis() / 1_000.0);
  }

  /** Each arrival at its time. */
  private IntakeLoad.Measured send(GatewayProcess gateway, Trace trace) {
    IntakeLoad load = new IntakeLoad(vertx, gateway.publicUrl(), CONNECTIONS, null);
    WebhookRequests requests =
        new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
    List<Trace.Arrival> arrivals = trace.arrivals();
    long[] times = arrivals.stream().mapToLong(Trace.Arrival::atMillis).toArray();
    Promise<IntakeLoad.Measured> over = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            v ->
                load.planned(
                        times,
                        i ->
                            requests.message(
                                "m" + i,
                                "c" + i,
                                AgreementConfig.text(arrivals.get(i).kind()),
                                clock.instant().getEpochSecond()))
                    .onComplete(over));
    return CrashRun.await(over.future(), times[times.length - 1] / 1_000 + 60);
  }

  private void awaitResolved(Desks desks, Trace trace, Duration simulated) {
    int expected = trace.arrivals().size();
    long last = trace.arrivals().get(expected - 1).atMillis();
    long end = System.nanoTime() + simulated.minusMillis(last).plus(LEFT_OVER).toNanos();
    while (desks.resolved() < expected && System.nanoTime() < end) {
      pause(Duration.ofMillis(200));
    }
  }

  private boolean judged(
      GatewayProcess gateway,
      Desks desks,
      Trace trace,
      SimulatedVerdicts.Verdicts simulated,
      IntakeLoad.Measured sent) {
    Comparison comparison = new Comparison(trace, simulated.kept());
    Map<String, Instant> decided = desks.decided();
    List<String> strange = new ArrayList<>();
    for (JsonNode one : new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR).conversations()) {
      String contact = one.path("contact").path("externalId").asText();
      JsonNode first = one.path("clocks").path("firstResponse");
      Instant at = decided.get(contact);
      boolean inTime = at != null && !at.isAfter(Instant.parse(first.path("dueAt").asText()));
      if (!comparison.live(
          number(contact), one.path("promise").asText(), first.path("state").asText(), inTime)) {
        strange.add(contact + " " + one.path("promise").asText() + " " + first);
      }
    }
    boolean agrees = comparison.print(out, true);
    out.printf(
        Locale.ROOT,
        "lost %d, strange %d %s; decision to answer accepted p50 %d ms p99 %d ms max %d ms;"
            + " resolution accepted after the end of handling p50 %d ms p99 %d ms; arrival accepted"
            + " after its time p50 %.1f ms p99 %.1f ms; refused %d; troubles of agents %d; blocked"
            + " %d%n",
        comparison.lost(),
        strange.size(),
        strange.subList(0, Math.min(3, strange.size())),
        at(desks.answering(), 50),
        at(desks.answering(), 99),
        at(desks.answering(), 100),
        at(desks.resolving(), 50),
        at(desks.resolving(), 99),
        sent.p50Millis(),
        sent.p99Millis(),
        sent.refused() + sent.failed(),
        desks.troubles(),
        gateway.blockedWarnings());
    return agrees
        && comparison.lost() == 0
        && strange.isEmpty()
        && sent.refused() + sent.failed() == 0
        && gateway.blockedWarnings() == 0;
  }

  private static long at(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile);
  }

  private static int number(String contact) {
    return Integer.parseInt(contact.substring(1));
  }

  private void pause(Duration time) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(time.toMillis(), t -> over.complete());
    Future<Void> done = over.future();
    CrashRun.await(done, time.toSeconds() + 10);
  }

  /** Farthest apart that counts as agreement, 0…1. */
  static double farthest() {
    return FARTHEST;
  }
}
