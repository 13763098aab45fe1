// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.config.InvalidConfigurationException;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CoreSplit;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.ReadBack;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WrongUsage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The load generator: plays a scenario against a gateway as users start it, in steps around its
 * ceiling, and accounts for everything that was sent, both ways.
 */
public final class Generator implements AutoCloseable {

  /** Longer than any step can need to end: every call ends by its time-out. */
  private static final int SLACK_SECONDS = 60;

  private static final int SEEDERS = 64;
  private static final Duration REWRITING_ENDS = Duration.ofSeconds(60);
  private static final Duration STAFF_ENDS = Duration.ofSeconds(30);
  private static final Duration DELIVERY_ENDS = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Path folder;
  private final PrintStream out;
  private final long seed;
  private final Vertx vertx =
      Vertx.builder().with(new VertxOptions().setPreferNativeTransport(true)).build();
  private final Context callers = vertx.getOrCreateContext();
  private final Context staff = vertx.getOrCreateContext();
  private final Ledger ledger = new Ledger();
  private final Replies replies = new Replies();
  private final Judgement judgement = new Judgement();

  /** A run in a folder of its own. */
  public Generator(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.seed = seed;
  }

  /** Runs {@code [FILE|NAME] [--step-seconds N] [--warm-up N] [--ceiling N]}; true if clean. */
  public boolean run(List<String> arguments) throws IOException {
    Options options;
    Scenario scenario;
    try {
      options = Options.of(arguments);
      Path shipped = GatewayProcess.root().resolve("load-tests/scenarios");
      Path file = ScenarioFile.find(options.scenario(), shipped);
      scenario = ScenarioFile.read(file);
      int cores = Runtime.getRuntime().availableProcessors();
      out.println("scenario " + file.getFileName() + ", seed " + seed + ", " + cores + " cores");
    } catch (InvalidConfigurationException | IllegalArgumentException refused) {
      throw new WrongUsage(String.valueOf(refused.getMessage()));
    }
    return play(scenario, options);
  }

  private boolean play(Scenario scenario, Options options) {
    CoreSplit cores = CoreSplit.ofThisMachine();
    out.println(cores);
    cores.keepTo();
    try {
      return played(scenario, options, cores);
    } finally {
      cores.release();
    }
  }

  private boolean played(Scenario scenario, Options options, CoreSplit cores) {
    try (Platforms platforms = new Platforms(vertx, scenario.platforms(), seed);
        GatewayProcess gateway =
            GatewayProcess.start(
                cores.below(),
                GatewayFile.write(folder, scenario, platforms),
                folder.resolve("gateway.log"),
                Map.of())) {
      Sender sender = new Sender(vertx, callers, gateway.publicUrl(), ledger);
      Loops loops = new Loops(vertx, callers, sender);
      CallMaker calls =
          new CallMaker(scenario, platforms.lines(gateway.publicUrl()), Clock.systemUTC(), seed);
      arm(scenario, loops, calls);
      Crew crew = new Crew(vertx, staff, gateway.publicUrl(), replies, scenario, seed);
      crew.begin();
      out.println(crew.connected());
      double ceiling = ceiling(scenario, options, loops, calls);
      steps(scenario, options, gateway, sender, loops, calls, ceiling);
      crew.judge(judgement);
      crew.stop();
      judgement.check(within(STAFF_ENDS, crew::isDone), "agents did not finish: " + crew);
      out.println(crew);
      account(platforms, gateway, calls);
      int code = gateway.stop();
      judgement.check(code == 0, "SIGTERM exit code " + code);
    }
    judgement.faults().forEach(fault -> out.println("not clean: " + fault));
    return judgement.isClean();
  }

  /** Conversations that nobody of the mix writes in: their clocks run beside it. */
  private void arm(Scenario scenario, Loops loops, CallMaker calls) {
    List<String> others =
        Scenario.CHANNELS.stream()
            .filter(scenario.channels()::containsKey)
            .filter(channel -> !scenario.bots().channels().contains(channel))
            .toList();
    if (scenario.timers() == 0) {
      return;
    }
    int[] next = {scenario.contacts().number()};
    CrashRun.await(
        loops.all(scenario.timers(), SEEDERS, () -> calls.first(others.get(0), ++next[0])),
        SLACK_SECONDS + scenario.timers() / 100);
    long armed =
        RedisProcess.ask(
            RedisProcess.url(folder.resolve("data")),
            redis -> redis.zcard("{" + LoadConfig.WORKSPACE + "}:t"));
    out.println("armed timers " + armed);
    judgement.check(armed >= scenario.timers(), "only " + armed + " timers are armed");
  }

  private double ceiling(Scenario scenario, Options options, Loops loops, CallMaker calls) {
    Duration warmUp = options.warmUp(scenario);
    int callers = scenario.ceiling().callers();
    if (!warmUp.isZero()) {
      double unused =
          CrashRun.await(
              loops.closed(callers, warmUp, calls::next), warmUp.toSeconds() + SLACK_SECONDS);
      assert unused >= 0;
    }
    withoutRewriting();
    Duration measure = scenario.ceiling().measure();
    double ceiling =
        options.ceiling() > 0
            ? options.ceiling()
            : CrashRun.await(
                loops.closed(callers, measure, calls::next), measure.toSeconds() + SLACK_SECONDS);
    out.printf(
        Locale.ROOT,
        "ceiling %.0f/s (%s)%n",
        ceiling,
        options.ceiling() > 0 ? "given" : "closed loop, " + callers + " callers");
    return ceiling;
  }

  /**
   * From now on Redis does not rewrite its file, nor is it at it. That takes ten seconds of a core
   * once in some minutes: it would make one step another than the rest, and the ceiling a matter of
   * luck. What it costs is shown by {@code ratio} and {@code delivery}.
   */
  private void withoutRewriting() {
    String redis = RedisProcess.url(folder.resolve("data"));
    String set = RedisProcess.ask(redis, ask -> ask.configSet("auto-aof-rewrite-percentage", "0"));
    boolean over =
        within(
            REWRITING_ENDS,
            () ->
                RedisProcess.ask(redis, ask -> ask.info("persistence"))
                    .contains("aof_rewrite_in_progress:0"));
    judgement.check(set.equals("OK") && over, "Redis does not stop rewriting its file");
  }

  private void steps(
      Scenario scenario,
      Options options,
      GatewayProcess gateway,
      Sender sender,
      Loops loops,
      CallMaker calls,
      double ceiling) {
    List<Integer> percents = scenario.steps().percent();
    Duration time = options.stepTime(scenario);
    long patience = 3 * time.toSeconds() + SLACK_SECONDS;
    StepFigures first = null;
    out.println(StepFigures.header());
    for (int percent : percents) {
      boolean overload = percent > Judgement.WITHIN_CEILING;
      StepFigures figures = new StepFigures(SendPlan.of(ceiling * percent / 100, time));
      int warnings = gateway.blockedWarnings();
      if (percent >= Judgement.WITHIN_CEILING) {
        CrashRun.await(sender.connect(figures.plan().perSecond()), SLACK_SECONDS);
      }
      Loops.Running running = loops.open(figures, calls::next);
      CrashRun.await(running.sent(), patience);
      boolean recover = overload && percent == percents.get(percents.size() - 1);
      StepFigures after = new StepFigures(SendPlan.of(ceiling * percents.get(0) / 100, time));
      Loops.Running recovering = recover ? loops.open(after, calls::next) : running;
      CrashRun.await(running.answered(), patience);
      String name = percent + "%";
      int blocked = gateway.blockedWarnings() - warnings;
      out.println(figures.row(name, blocked));
      judgement.step(name, percent, figures, blocked);
      first = first == null ? figures : first;
      if (recover) {
        CrashRun.await(recovering.answered(), patience);
        recovered(percents.get(0), first, after, gateway.blockedWarnings() - warnings - blocked);
      }
    }
  }

  private void recovered(int percent, StepFigures before, StepFigures after, int blocked) {
    String name = "then " + percent + "%";
    out.println(after.row(name, blocked));
    judgement.step(name, Judgement.WITHIN_CEILING + 1, after, blocked);
    if (before.fellBehind() || after.fellBehind()) {
      out.println("recovery: not told, the generator fell behind");
      return;
    }
    double millis = before.millisAt(99);
    int seconds = Recovery.seconds(millis, after.p99BySecond());
    out.printf(
        Locale.ROOT,
        "recovery: p99 at most %.0f times %.1f ms %s%n",
        Recovery.FACTOR,
        millis,
        seconds < 0 ? "not reached" : "after " + seconds + " s");
    judgement.check(seconds > 0, "did not recover within " + after.p99BySecond().size() + " s");
  }

  private void account(Platforms platforms, GatewayProcess gateway, CallMaker calls) {
    boolean delivered = within(DELIVERY_ENDS, () -> replies.balance(platforms.taken()).lost() == 0);
    Ledger.Balance answers = replies.balance(platforms.taken());
    out.println("answers " + answers);
    judgement.check(delivered && answers.isClean(), "answers: " + answers);
    judgement.check(!platforms.isForgetful(), "a stand-in took more answers than it remembers");
    int gaps =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .inbound(message -> ledger.stored(message.path("externalId").asText()));
    Ledger.Balance balance = ledger.balance();
    out.println(
        balance
            + " gaps="
            + gaps
            + " repeatedCalls="
            + calls.duplicates()
            + " pictures="
            + calls.media()
            + " blocked="
            + gateway.blockedWarnings()
            + " "
            + gateway.stops());
    judgement.check(balance.isClean() && gaps == 0, balance + " gaps=" + gaps);
  }

  /** Waits until something holds; whether it did in time. */
  private static boolean within(Duration atMost, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > atMost.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  @Override
  public void close() {
    RedisProcess.of(folder.resolve("data")).ifPresent(ProcessHandle::destroyForcibly);
    CrashRun.await(vertx.close(), 20);
  }
}
