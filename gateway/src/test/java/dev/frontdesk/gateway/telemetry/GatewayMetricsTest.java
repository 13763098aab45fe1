// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.domain.routing.Fifo;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The names of contract §3, as Prometheus reads them. */
class GatewayMetricsTest {

  private final GatewayMetrics metrics =
      new GatewayMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

  @Test
  void names_areTheContracts() {
    metrics.intake("acme", "hook", "stored");
    metrics.intake("acme", "hook", "duplicate");
    metrics.firstResponse("acme", "urgent", "met");
    metrics.clockVerdict("acme", "supplier", "urgent", "breached");
    metrics.escalated("acme", "urgent", "2");
    metrics.timerLateness("acme", Duration.ofMillis(7));
    metrics.timerDead("acme");
    metrics.waiting("acme", "support", "urgent", 3);
    metrics.oldestWaiting("acme", 40);
    metrics.objectiveShare("acme", "urgent", 0.93);
    metrics.commitConflict("acme");
    metrics.recalled("acme", "held");
    metrics.outboxAge("acme", Duration.ofMillis(3));
    metrics.outboxResting("acme", "hook", true);
    metrics.storeLatency(Duration.ofMillis(1));
    metrics.fsyncLatency(Duration.ofMillis(4));
    metrics.loopLag(0, Duration.ofMillis(1));

    assertThat(metrics.scrape())
        .contains(
            "frontdesk_intake_total{channel=\"hook\",outcome=\"stored\",workspace=\"acme\"} 1.0",
            "frontdesk_waiting{promise=\"urgent\",queue=\"support\",workspace=\"acme\"} 3.0",
            "frontdesk_oldest_waiting_seconds{workspace=\"acme\"} 40.0",
            "frontdesk_first_response_total{promise=\"urgent\",verdict=\"met\",workspace=\"acme\"} 1.0",
            "frontdesk_clock_verdicts_total{clock=\"supplier\",promise=\"urgent\",verdict=\"breached\",workspace=\"acme\"} 1.0",
            "frontdesk_escalations_total{level=\"2\",promise=\"urgent\",workspace=\"acme\"} 1.0",
            "frontdesk_objective_share{promise=\"urgent\",workspace=\"acme\"} 0.93",
            "frontdesk_timer_lateness_seconds_bucket{workspace=\"acme\",le=\"0.005\"} 0",
            "frontdesk_timer_lateness_seconds_bucket{workspace=\"acme\",le=\"0.01\"} 1",
            "frontdesk_timers_dead_total{workspace=\"acme\"} 1.0",
            "frontdesk_dedupe_hits_total{workspace=\"acme\"} 1.0",
            "frontdesk_commit_conflicts_total{workspace=\"acme\"} 1.0",
            "frontdesk_conversation_memory_total{outcome=\"held\",workspace=\"acme\"} 1.0",
            "frontdesk_outbox_age_seconds_bucket",
            "frontdesk_outbox_resting{channel=\"hook\",workspace=\"acme\"} 1.0",
            "frontdesk_store_latency_seconds_bucket",
            "frontdesk_store_fsync_seconds_bucket",
            "frontdesk_loop_lag_seconds_bucket");
  }

  @Test
  void gauge_followsTheBoardAndKeepsItsLastValue() {
    VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
    Workspace workspace =
        new Workspace("acme", null, null, null, Map.of(), new Fifo(), new RedisKeys("acme"));
    AtomicLong waiting = new AtomicLong(5);
    BoardSampler sampler =
        new BoardSampler(
            new Workspaces(Map.of("acme", workspace)),
            at ->
                waiting.get() < 0
                    ? Future.failedFuture(new StoreUnavailableException("down", false, null))
                    : Future.succeededFuture(
                        List.of(new QueueBoard.Row("support", "urgent", waiting.get(), 0, 0, 9))),
            at -> Future.succeededFuture(Map.of("urgent", 0.5)),
            at -> Future.succeededFuture(3L),
            metrics,
            time,
            Duration.ofSeconds(1));

    sampler.start();
    assertThat(metrics.scrape())
        .contains("workspace=\"acme\"} 5.0")
        .contains("} 0.5")
        .contains("frontdesk_dead_letters{workspace=\"acme\"} 3.0");
    waiting.set(2);
    time.advance(Duration.ofSeconds(1));
    assertThat(metrics.scrape()).contains("workspace=\"acme\"} 2.0");
    waiting.set(-1);
    time.advance(Duration.ofSeconds(3));
    assertThat(metrics.scrape()).contains("workspace=\"acme\"} 2.0");
    waiting.set(7);
    time.advance(Duration.ofSeconds(1));
    assertThat(metrics.scrape()).contains("workspace=\"acme\"} 7.0");
    sampler.stop();
    time.advance(Duration.ofSeconds(2));
    assertThat(time.pending()).isZero();
  }
}
