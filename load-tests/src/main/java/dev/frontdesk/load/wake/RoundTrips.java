// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.gateway.client.Metrics;
import java.util.Locale;

/**
 * Questions of a gateway to its store, and the time it waited for their answers: what most of the
 * way from a webhook to a poll consists of.
 */
record RoundTrips(double count, double seconds) {

  private static final String NAME = "frontdesk_store_latency_seconds";

  /** Of a gateway since its start. */
  static RoundTrips of(Metrics metrics) {
    return new RoundTrips(metrics.sum(NAME + "_count"), metrics.sum(NAME + "_sum"));
  }

  /** Since an earlier reading of the same gateway. */
  RoundTrips since(RoundTrips before) {
    return new RoundTrips(count - before.count, seconds - before.seconds);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.0f, mean %.1f ms", count, count == 0 ? 0 : seconds / count * 1_000);
  }
}
