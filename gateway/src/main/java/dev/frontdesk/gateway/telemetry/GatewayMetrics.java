// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * Every metric of the gateway. Tag values come from enums or the configuration, so their number is
 * closed. Thread-safe.
 */
public final class GatewayMetrics {

  private final MeterRegistry registry;

  public GatewayMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  public MeterRegistry registry() {
    return registry;
  }

  /** One inbound event; outcome: stored, duplicate, ignored, parked, rejected, refused, failed. */
  public void intake(String workspace, String channel, String outcome) {
    registry
        .counter("frontdesk_intake", "workspace", workspace, "channel", channel, "outcome", outcome)
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

  /** How late a timer took effect, by the store's time. */
  public void timerLateness(String workspace, Duration lateness) {
    registry.timer("frontdesk_timer_lateness_seconds", "workspace", workspace).record(lateness);
  }
}
