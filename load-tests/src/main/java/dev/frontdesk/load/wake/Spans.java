// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Times as the runs of this package print them. */
final class Spans {

  private Spans() {}

  /** {@code p50 1.2 ms p99 3.4 ms max 5.6 ms (789)} of microseconds. */
  static String of(Histogram micros) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms p99 %.1f ms max %.1f ms (%d)",
        micros.getValueAtPercentile(50) / 1_000.0,
        p99Millis(micros),
        micros.getMaxValue() / 1_000.0,
        micros.getTotalCount());
  }

  static double p99Millis(Histogram micros) {
    return micros.getValueAtPercentile(99) / 1_000.0;
  }
}
