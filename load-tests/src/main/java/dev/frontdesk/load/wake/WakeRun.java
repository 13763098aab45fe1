// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CallerLoop;
import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.ReadBack;
import dev.frontdesk.load.WebhookRequests;
import dev.frontdesk.load.WrongUsage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Many agents wait in long-polls, a connection each; within one second each is sent a message in a
 * conversation of its own. Counts who heard of it, and how soon.
 */
public final class WakeRun {

  /** Messages of different customers in one webhook, as platforms with many customers send. */
  private static final int BATCH = 20;

  private static final Duration SPREAD = Duration.ofSeconds(1);

  /** A message that reached no poll so long after it was accepted was lost on the way. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** For webhooks to be answered on a machine that is slower than thought. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final int CONNECTIONS = 64;

  /** Wakings before the one that counts: nothing of it was compiled when the first began. */
  private static final int WARM_UPS = 3;

  private final Path folder;
  private final PrintStream out;
  private final CallerLoop loop = new CallerLoop();
  private final Ledger ledger = new Ledger();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private volatile Waking waking = new Waking(0);
  private volatile long firstSend;
  private volatile long lastAnswer;

  /** One message for each agent, {@code w3-17} for agent 17 in waking 3. */
  private record Waking(int number, Arrivals arrivals) {
    Waking(int number) {
      this(number, new Arrivals());
    }

    String id(int agent) {
      return "w" + number + "-" + agent;
    }
  }

  /** A run in a folder of its own. */
  public WakeRun(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Wakes so many polls; true if each was answered with its message. */
  public boolean run(int polls) {
    String missing = OpenFiles.missing(polls);
    if (!missing.isEmpty()) {
      throw new WrongUsage(missing);
    }
    Path config = new LoadConfig(folder).agents(polls, 4).limits(limits(polls)).write("wake.yaml");
    try (GatewayProcess gateway =
            GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of());
        PollingAgents agents = new PollingAgents(gateway.publicUrl(), polls, this::changed)) {
      IntakeLoad load = new IntakeLoad(loop.vertx(), gateway.publicUrl(), CONNECTIONS, ledger);
      agents.come(0, polls, "busy");
      HeldConversations.give(gateway, agents, load, requests, polls, polls);
      loop.rest(Duration.ofSeconds(3));
      out.println(agents.waiting() + " polls wait, one connection each");
      for (int number = 1; number <= WARM_UPS; number++) {
        wake(new Waking(number), agents, load, polls);
      }
      return woken(gateway, agents, load, polls);
    } finally {
      loop.close();
    }
  }

  /** Every bound of the edge that so many who wait would meet; some room for webhooks. */
  static String limits(int clients) {
    return String.format(
        Locale.ROOT,
        "{ waitingClients: %d, waitingVisitors: %d, connections: %d, inFlightWebhooks: %d }",
        clients + 100,
        clients + 100,
        clients + 1_000,
        clients + 2_000);
  }

  /** Wakes all once, and waits until all are answered and wait again, or have had their time. */
  private void wake(Waking next, PollingAgents agents, IntakeLoad load, int polls) {
    waking = next;
    loop.on(() -> sent(next, load, polls), LONGEST);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while ((next.arrivals().arrived() < polls || agents.waiting() < polls)
        && System.nanoTime() < end) {
      loop.rest(Duration.ofMillis(20));
    }
  }

  private boolean woken(GatewayProcess gateway, PollingAgents agents, IntakeLoad load, int polls) {
    int waited = agents.waiting();
    int warnings = gateway.blockedWarnings();
    Waking last = new Waking(WARM_UPS + 1);
    wake(last, agents, load, polls);
    int blocked = gateway.blockedWarnings() - warnings;
    Arrivals arrivals = last.arrivals();
    Set<String> accepted = Set.copyOf(ledger.accepted());
    long heard = accepted.stream().filter(id -> id.startsWith("w" + last.number() + "-")).count();
    long lost = arrivals.lost(accepted, Duration.ofDays(1));
    out.printf(
        Locale.ROOT,
        "messages accepted %d of %d, the last %.2f s after the first was sent%n"
            + "polls answered with their message %d; lost wake-ups %d%n",
        heard,
        polls,
        (lastAnswer - firstSend) / 1e9,
        arrivals.arrived(),
        lost);
    boolean clean =
        account(gateway, agents, arrivals, warnings, blocked)
            && heard == polls
            && lost == 0
            && waited == polls;
    if (clean) {
      out.printf(
          Locale.ROOT,
          "all answered %.2f s after the first was sent; from the planned send to the answer %s%n",
          arrivals.span().toMillis() / 1_000.0,
          Spans.of(arrivals.latency()));
    }
    return clean;
  }

  private boolean account(
      GatewayProcess gateway, PollingAgents agents, Arrivals arrivals, int warmingUp, int blocked) {
    int gaps =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .inbound(message -> ledger.stored(message.path("externalId").asText()));
    Ledger.Balance balance = ledger.balance();
    out.println(
        balance
            + " gaps="
            + gaps
            + " toldTwice="
            + arrivals.repeated()
            + " pollTroubles="
            + agents.troubles()
            + (agents.trouble() == null ? "" : " (" + agents.trouble() + ")")
            + " blocked="
            + blocked
            + " (while warming up "
            + warmingUp
            + ") "
            + gateway.stops());
    return balance.isClean()
        && gaps == 0
        && arrivals.repeated() == 0
        && agents.troubles() == 0
        && blocked == 0;
  }

  /** Webhooks of {@value #BATCH} messages, planned evenly over a second. */
  private Future<Void> sent(Waking of, IntakeLoad load, int polls) {
    long began = System.nanoTime();
    firstSend = began;
    int calls = (polls + BATCH - 1) / BATCH;
    List<Future<Void>> all = new ArrayList<>();
    for (int call = 0; call < calls; call++) {
      int from = call * BATCH;
      int to = Math.min(polls, from + BATCH);
      long after = SPREAD.toNanos() / calls * call;
      Promise<Void> over = Promise.promise();
      all.add(over.future());
      loop.vertx()
          .setTimer(
              Math.max(1, after / 1_000_000),
              timer -> batch(of, load, from, to, began + after).onComplete(over));
    }
    return Future.all(all).map(done -> null);
  }

  private Future<Void> batch(Waking of, IntakeLoad load, int from, int to, long plannedNanos) {
    JsonArray events = new JsonArray();
    for (int i = from; i < to; i++) {
      of.arrivals().plan(of.id(i), plannedNanos);
      events.add(
          new JsonObject()
              .put("id", of.id(i))
              .put("type", "message")
              .put("contact", new JsonObject().put("id", DeliveryMix.held(i)))
              .put("content", new JsonObject().put("kind", "text").put("text", "wake up " + i)));
    }
    long seconds = Clock.systemUTC().instant().getEpochSecond();
    return load.status(
            requests.signed(
                of.id(from), new JsonObject().put("events", events).toBuffer(), seconds))
        .map(status -> status == 200 ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.REFUSED)
        .otherwise(Ledger.Outcome.UNKNOWN)
        .map(
            outcome -> {
              for (int i = from; i < to; i++) {
                ledger.sent(of.id(i), outcome);
              }
              lastAnswer = System.nanoTime();
              return null;
            });
  }

  /** On the agents' event loop. */
  private void changed(PollingAgents agents, int agent, JsonObject change, long atNanos) {
    if (change.getString("type", "").equals("message")) {
      String id = change.getJsonObject("message", new JsonObject()).getString("externalId", "");
      Waking now = waking;
      if (id.equals(now.id(agent))) {
        now.arrivals().arrive(id, atNanos);
      }
    }
  }
}
