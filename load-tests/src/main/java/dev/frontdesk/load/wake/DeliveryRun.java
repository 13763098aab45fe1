// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.CallerLoop;
import dev.frontdesk.load.CoreSplit;
import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.ReadBack;
import dev.frontdesk.load.Recalls;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.Rewritings;
import dev.frontdesk.load.WebhookRequests;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * From a webhook to the agent who waits for it: signed messages at planned times, half of what the
 * gateway can take; some of them are of conversations that a polling agent holds, some open one
 * that is offered to a polling agent. Measured from the planned send to when the answer of the poll
 * that brings it has arrived.
 */
public final class DeliveryRun {

  private static final int WORKERS = 256;

  /** Agents who hold conversations, and how many they hold together. */
  private static final int HOLDERS = 200;

  private static final int HELD = 400;

  /** Agents who are offered new conversations and accept them. */
  private static final int TAKERS = 20;

  /** What has reached no poll by then is lost, whoever still finds it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int FSYNCS_PER_SECOND = 20;

  /**
   * Sends that are planned and go out later than this at the p99 are not the load that was asked.
   */
  private static final double BEHIND_MILLIS = 50;

  private final PrintStream out;
  private final Path folder;
  private final Random random;
  private final CallerLoop loop = new CallerLoop();
  private final Ledger ledger = new Ledger();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private final String filler = "商品到货时包装破损 the parcel arrived damaged ".repeat(12);
  private final DeliveryMix mix;
  private final Deliveries deliveries = new Deliveries();
  private int sequence;

  /** A run in a folder of its own. */
  public DeliveryRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
    this.mix = new DeliveryMix(random, HELD);
    out.println("seed " + seed + ", " + Runtime.getRuntime().availableProcessors() + " cores");
  }

  /**
   * Sends for {@code seconds}; true if every message and every wake-up is accounted for.
   *
   * @param perSecond messages per second; 0: half of the ceiling, which is measured first
   */
  public boolean run(int perSecond, int seconds) {
    CoreSplit cores = CoreSplit.ofThisMachine();
    out.println(cores);
    cores.keepTo();
    try {
      return run(perSecond, seconds, cores);
    } finally {
      cores.release();
    }
  }

  private boolean run(int perSecond, int seconds, CoreSplit cores) {
    Path config =
        new LoadConfig(folder)
            .agents(HOLDERS + TAKERS, 10_000)
            .queue("back", "contact.id.startsWith(\"b\")")
            .write("delivery.yaml");
    try (FsyncProbe probe = new FsyncProbe(folder.resolve("fsync-probe"), FSYNCS_PER_SECOND);
        GatewayProcess gateway =
            GatewayProcess.start(cores.below(), config, folder.resolve("gateway.log"), Map.of());
        Rewritings rewritings = new Rewritings(RedisProcess.url(folder.resolve("data")));
        PollingAgents agents =
            new PollingAgents(gateway.publicUrl(), HOLDERS + TAKERS, deliveries)) {
      IntakeLoad load = new IntakeLoad(loop.vertx(), gateway.publicUrl(), WORKERS, ledger);
      loop.rest(Duration.ofSeconds(Math.min(10, seconds)));
      out.println("fsync before the load " + Spans.of(probe.take()));
      agents.come(0, HOLDERS, "busy");
      HeldConversations.give(gateway, agents, load, requests, HELD, HOLDERS);
      agents.come(HOLDERS, HOLDERS + TAKERS, "available");
      int rate = perSecond > 0 ? perSecond : half(load, seconds);
      warmUp(load, rate, Duration.ofSeconds(Math.min(40, Math.max(2, seconds * 2 / 3))));
      return measured(gateway, agents, load, probe, rewritings, rate, Duration.ofSeconds(seconds));
    } finally {
      loop.close();
    }
  }

  private int half(IntakeLoad load, int seconds) {
    Duration warmUp = Duration.ofSeconds(Math.min(60, seconds));
    loop.on(() -> load.ceiling(WORKERS, warmUp, this::background), warmUp);
    Duration time = Duration.ofSeconds(Math.min(16, seconds));
    IntakeLoad.Measured ceiling =
        loop.on(() -> load.ceiling(WORKERS, time, this::background), time);
    out.printf(Locale.ROOT, "ceiling %.0f/s, of messages nobody waits for%n", ceiling.perSecond());
    return (int) (ceiling.perSecond() / 2);
  }

  /** The load that is measured, before it is: polls and offers too have to be compiled. */
  private void warmUp(IntakeLoad load, int rate, Duration time) {
    IntakeLoad.Measured warm =
        loop.on(
            () -> load.paced(rate, time, (number, at) -> planned(number, at, new Histogram(3))),
            time);
    deliveries.countFrom(System.nanoTime());
    out.printf(Locale.ROOT, "warmed up with %d messages at %d/s%n", warm.accepted(), rate);
  }

  private boolean measured(
      GatewayProcess gateway,
      PollingAgents agents,
      IntakeLoad load,
      FsyncProbe probe,
      Rewritings rewritings,
      int rate,
      Duration time) {
    Metrics before = Metrics.read(gateway.managementUrl());
    Histogram idle = probe.take();
    String settingUp = rewritings.take();
    Histogram late = new Histogram(60_000_000L, 3);
    IntakeLoad.Measured webhooks =
        loop.on(() -> load.paced(rate, time, (number, at) -> planned(number, at, late)), time);
    Histogram fsync = probe.take();
    String meanwhile = rewritings.take();
    Metrics after = Metrics.read(gateway.managementUrl());
    loop.rest(PATIENCE);
    Set<String> accepted = Set.copyOf(ledger.accepted());
    long lost = deliveries.lost(accepted, PATIENCE);
    boolean behind = Spans.p99Millis(late) > BEHIND_MILLIS || webhooks.perSecond() < rate * 0.98;
    out.printf(
        Locale.ROOT,
        "load %d/s for %d s, achieved %.0f/s, sent after its plan %s%n"
            + "fsync under load %s (while setting up %s)%n",
        rate,
        time.toSeconds(),
        webhooks.perSecond(),
        Spans.of(late),
        Spans.of(fsync),
        Spans.of(idle));
    out.println(meanwhile + " (while setting up: " + settingUp + ")");
    out.println("store round trips " + RoundTrips.of(after).since(RoundTrips.of(before)));
    out.println("memory: " + Recalls.of(after).since(Recalls.of(before)));
    out.println("lost wake-ups " + lost + " of " + deliveries.planned());
    boolean clean = account(gateway, agents, webhooks) && lost == 0;
    if (behind) {
      out.println("the generator fell behind, so there are no figures");
    } else if (clean) {
      out.println("webhooks " + Spans.of(webhooks.latency()));
      tell(
          "message of an assigned conversation at its agent's poll",
          deliveries.assigned(),
          rewritings,
          20);
      tell("offer of a new conversation at an agent's poll", deliveries.opened(), rewritings, 40);
    }
    return clean && !behind;
  }

  private void tell(String what, Arrivals arrivals, Rewritings rewritings, int aimMillis) {
    Histogram latency = arrivals.latency();
    Histogram apart = arrivals.latency((plan, at) -> !rewritings.touched(plan, at));
    out.printf(
        Locale.ROOT,
        "%s %s; those that met no rewriting, nor the %d s after one %s; aim p99 %d ms %s%n",
        what,
        Spans.of(latency),
        Rewritings.LEFT.toSeconds(),
        Spans.of(apart),
        aimMillis,
        Spans.p99Millis(latency) <= aimMillis ? "kept" : "MISSED");
  }

  private boolean account(
      GatewayProcess gateway, PollingAgents agents, IntakeLoad.Measured webhooks) {
    int gaps =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .inbound(message -> ledger.stored(message.path("externalId").asText()));
    Ledger.Balance balance = ledger.balance();
    out.println(
        balance
            + " gaps="
            + gaps
            + " refusedOrFailed="
            + (webhooks.refused() + webhooks.failed())
            + " toldTwice="
            + deliveries.repeated()
            + " pollTroubles="
            + agents.troubles()
            + (agents.trouble() == null ? "" : " (" + agents.trouble() + ")")
            + " offersNotAccepted="
            + deliveries.notAccepted()
            + " blocked="
            + gateway.blockedWarnings()
            + " "
            + gateway.stops());
    return balance.isClean()
        && gaps == 0
        && webhooks.refused() + webhooks.failed() == 0
        && deliveries.repeated() == 0
        && deliveries.notAccepted() == 0
        && agents.troubles() == 0
        && gateway.blockedWarnings() == 0;
  }

  private WebhookRequests.Signed planned(int number, long at, Histogram late) {
    late.recordValue(Math.max(1, (System.nanoTime() - at) / 1_000));
    DeliveryMix.Choice choice = mix.at(number);
    WebhookRequests.Signed signed = message(choice);
    deliveries.plan(choice.kind(), signed.id(), at);
    return signed;
  }

  private WebhookRequests.Signed background() {
    return message(mix.background());
  }

  /** Bodies of 200 to 800 bytes; one that opens for an agent is named like its contact. */
  private WebhookRequests.Signed message(DeliveryMix.Choice choice) {
    String id = choice.kind() == DeliveryMix.Kind.NEW ? choice.contact() : "m" + ++sequence;
    return requests.message(
        id,
        choice.contact(),
        "hello " + filler.substring(0, 60 + random.nextInt(340)),
        Clock.systemUTC().instant().getEpochSecond());
  }
}
