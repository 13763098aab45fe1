// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Every metric of the gateway. Tag values come from enums or the configuration, so their number is
 * closed. Thread-safe.
 */
public final class GatewayMetrics {

  /** Bounds of latencies of the store, upper ends of the buckets. */
  private static final Duration[] STORE = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 1_500);

  /** Bounds of how late timers fire: the promise is a p99 of 250 ms. */
  private static final Duration[] LATENESS =
      millis(5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000);

  private static final String TIMER_LATENESS =
      "How late timers took effect, by the store's time, from when they were due. Of those that had"
          + " no effect any more, of agents' grace and of bots that left, that is not known after a"
          + " claim: they count from the end of the last one, which is 10 s after it.";

  private final MeterRegistry registry;
  private final Timer storeLatency;
  private final Map<Intake, Counter> intake = new ConcurrentHashMap<>();
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  private record Intake(String workspace, String channel, String outcome) {}

  private final Map<Recall, Counter> recalls = new ConcurrentHashMap<>();

  private record Recall(String workspace, String outcome) {}

  public GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.storeLatency = timer("frontdesk_store_latency_seconds", STORE, Tags.empty());
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** Everything in the text form of Prometheus; empty when the registry is of another kind. */
  public String scrape() {
    return registry instanceof PrometheusMeterRegistry prometheus ? prometheus.scrape() : "";
  }

  /** One inbound event; outcome: stored, duplicate, ignored, parked, rejected, refused, failed. */
  public void intake(String workspace, String channel, String outcome) {
    // the one that every message counts: the registry would build and compare its tags each time
    intake
        .computeIfAbsent(
            new Intake(workspace, channel, outcome),
            key ->
                registry.counter(
                    "frontdesk_intake",
                    "workspace",
                    workspace,
                    "channel",
                    channel,
                    "outcome",
                    outcome))
        .increment();
    if (outcome.equals("duplicate")) {
      registry.counter("frontdesk_dedupe_hits", "workspace", workspace).increment();
    }
  }

  /**
   * What a run of customer messages that are stored together started from; outcome: held (the
   * conversation as this node committed it last), new (this node knew none and there was none),
   * stale (one of these turned out wrong and was loaded), loaded (nothing was guessed).
   */
  public void recalled(String workspace, String outcome) {
    recalls
        .computeIfAbsent(
            new Recall(workspace, outcome),
            key ->
                registry.counter(
                    "frontdesk_conversation_memory", "workspace", workspace, "outcome", outcome))
        .increment();
  }

  /** A commit that met another writer and was decided again. */
  public void commitConflict(String workspace) {
    registry.counter("frontdesk_commit_conflicts", "workspace", workspace).increment();
  }

  /** The one verdict of a first-response spell; verdict: met, breached, void. */
  public void firstResponse(String workspace, String promise, String verdict) {
    registry
        .counter(
            "frontdesk_first_response",
            "workspace",
            workspace,
            "promise",
            promise,
            "verdict",
            verdict)
        .increment();
  }

  /** The one verdict of a spell of another clock; a supplier's is none of ours. */
  public void clockVerdict(String workspace, String clock, String promise, String verdict) {
    registry
        .counter(
            "frontdesk_clock_verdicts",
            "workspace",
            workspace,
            "clock",
            clock,
            "promise",
            promise,
            "verdict",
            verdict)
        .increment();
  }

  /** A level of a ladder was told; level: its number, from 1. */
  public void escalated(String workspace, String promise, String level) {
    registry
        .counter(
            "frontdesk_escalations", "workspace", workspace, "promise", promise, "level", level)
        .increment();
  }

  /** A new conversation that went to people because its channel's bot rests. */
  public void botSkipped(String workspace, String bot) {
    registry.counter("frontdesk_bot_skipped", "workspace", workspace, "bot", bot).increment();
  }

  /** A change of a message that never came; type: edit or delete. */
  public void orphan(String workspace, String channel, String type) {
    registry
        .counter("frontdesk_orphans", "workspace", workspace, "channel", channel, "type", type)
        .increment();
  }

  /** How late a timer took effect, by the store's time. */
  public void timerLateness(String workspace, Duration lateness) {
    Timer.builder("frontdesk_timer_lateness_seconds")
        .description(TIMER_LATENESS)
        .serviceLevelObjectives(LATENESS)
        .tags("workspace", workspace)
        .register(registry)
        .record(lateness);
  }

  /** An offer that was made; rule: the lane or policy that picked the conversation. */
  public void decision(String workspace, String rule) {
    registry.counter("frontdesk_decisions", "workspace", workspace, "rule", rule).increment();
  }

  /** A triage condition that failed and counted as false. */
  public void conditionFailed(String workspace) {
    registry.counter("frontdesk_condition_errors", "workspace", workspace).increment();
  }

  /** A question to the outside classifier: answered, timeout, failed, invalid, resting or full. */
  public void classified(String workspace, String outcome) {
    registry
        .counter("frontdesk_classifier", "workspace", workspace, "outcome", outcome)
        .increment();
  }

  /** A lookup of a customer: found, miss, timeout, failed, invalid, resting or full. */
  public void lookedUp(String workspace, String outcome) {
    registry
        .counter("frontdesk_customer_lookup", "workspace", workspace, "outcome", outcome)
        .increment();
  }

  /** Decisions that passed over a conversation past the hard bound of age. */
  public void passedOver(String workspace, long decisions) {
    registry.counter("frontdesk_passed_over", "workspace", workspace).increment((double) decisions);
  }

  /** How long a message waited for its send, from when it was the first and ready. */
  public void outboxAge(String workspace, Duration age) {
    timer("frontdesk_outbox_age_seconds", LATENESS, Tags.of("workspace", workspace)).record(age);
  }

  /** Whether a channel's replies wait because its platform failed several in a row. */
  public void outboxResting(String workspace, String channel, boolean resting) {
    gauge(
        "frontdesk_outbox_resting",
        Tags.of("workspace", workspace, "channel", channel),
        resting ? 1 : 0);
  }

  /** One attempt to send; outcome: accepted, retry, rejected, unknown. */
  public void sent(String workspace, String channel, String outcome) {
    registry
        .counter("frontdesk_sent", "workspace", workspace, "channel", channel, "outcome", outcome)
        .increment();
  }

  /** What became of an outgoing event; outcome: delivered, retry, given-up, lost. */
  public void eventSent(String workspace, String endpoint, String outcome) {
    registry
        .counter(
            "frontdesk_events", "workspace", workspace, "endpoint", endpoint, "outcome", outcome)
        .increment();
  }

  /** A request without a token that counts; why: missing, unknown, disabled. */
  public void authenticationFailure(String why) {
    registry.counter("frontdesk_authentication_failures", "reason", why).increment();
  }

  /** A connection the edge closed; why: deadline, connections, lost. */
  public void connectionClosed(String why) {
    registry.counter("frontdesk_connections_closed", "reason", why).increment();
  }

  /** Open connections of the public port. */
  public void connections(long open) {
    gauge("frontdesk_connections", Tags.empty(), (double) open);
  }

  /** From asking the store to its answer, one command or script. */
  public void storeLatency(Duration latency) {
    storeLatency.record(latency);
  }

  /**
   * The longest fsync of one second, as the store itself times it: whole milliseconds, zero below 1
   * ms. One value per second, so a quantile is one of seconds. Not fed where the store does not
   * time it (see {@code store.redis.FsyncWatch}).
   */
  public void fsyncLatency(Duration latency) {
    timer("frontdesk_store_fsync_seconds", STORE, Tags.empty()).record(latency);
  }

  /** How late an event loop ran a task that was due; loop: its number from 0. */
  public void loopLag(int loop, Duration lag) {
    timer("frontdesk_loop_lag_seconds", STORE, Tags.of("loop", Integer.toString(loop))).record(lag);
  }

  /** Conversations waiting or offered now. */
  public void waiting(String workspace, String queue, String promise, long conversations) {
    gauge(
        "frontdesk_waiting",
        Tags.of("workspace", workspace, "queue", queue, "promise", promise),
        (double) conversations);
  }

  /** Age of the conversation that waits longest; 0 when none does. */
  public void oldestWaiting(String workspace, long seconds) {
    gauge("frontdesk_oldest_waiting_seconds", Tags.of("workspace", workspace), (double) seconds);
  }

  /** Share of first responses in time over the last day, 0 to 1. */
  public void objectiveShare(String workspace, String promise, double share) {
    gauge("frontdesk_objective_share", Tags.of("workspace", workspace, "promise", promise), share);
  }

  /** Whether {@code /health/ready} says so. */
  public void ready(boolean ready) {
    gauge("frontdesk_ready", Tags.empty(), ready ? 1 : 0);
  }

  /**
   * Whether a workspace is in quarantine. With the first word of a workspace its counters that
   * should stay 0 begin to be shown: one that appears with its first event hides that event from
   * alarms.
   */
  public void quarantined(String workspace, boolean quarantined) {
    gauge("frontdesk_quarantine", Tags.of("workspace", workspace), quarantined ? 1 : 0);
    registry.counter("frontdesk_timers_early", "workspace", workspace);
    registry.counter("frontdesk_timers_dead", "workspace", workspace);
    registry.counter("frontdesk_commit_conflicts", "workspace", workspace);
    registry.counter("frontdesk_passed_over", "workspace", workspace);
  }

  /** Messages and timers that were given up and wait for an operator. */
  public void deadLetters(String workspace, long letters) {
    gauge("frontdesk_dead_letters", Tags.of("workspace", workspace), (double) letters);
  }

  private void gauge(String name, Tags tags, double value) {
    gauges
        .computeIfAbsent(
            name + tags,
            key -> {
              AtomicReference<Double> holder = new AtomicReference<>(value);
              Gauge.builder(name, holder, AtomicReference::get).tags(tags).register(registry);
              return holder;
            })
        .set(value);
  }

  private Timer timer(String name, Duration[] bounds, Tags tags) {
    return Timer.builder(name).serviceLevelObjectives(bounds).tags(tags).register(registry);
  }

  private static Duration[] millis(int... bounds) {
    Duration[] durations = new Duration[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      durations[i] = Duration.ofMillis(bounds[i]);
    }
    return durations;
  }

  /** A timer that was claimed before it was due by the store's own time: must stay 0. */
  public void timerEarly(String workspace) {
    registry.counter("frontdesk_timers_early", "workspace", workspace).increment();
  }

  /** A timer that failed so often that it became a dead letter. */
  public void timerDead(String workspace) {
    registry.counter("frontdesk_timers_dead", "workspace", workspace).increment();
  }

  /** A first-response spell that began; each ends in one verdict. */
  public void spellStarted(String workspace, String promise) {
    registry
        .counter("frontdesk_first_response_spells", "workspace", workspace, "promise", promise)
        .increment();
  }
}
