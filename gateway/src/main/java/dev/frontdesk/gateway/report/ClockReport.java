// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the other clocks than the first response's ended, by promise: of the supplier's it says how
 * often outside parties kept their time. Counts are kept per hour: a period is widened to whole
 * hours (UTC).
 */
public final class ClockReport {

  private final VerdictHours hours;

  public ClockReport(Store store) {
    this.hours = new VerdictHours(store);
  }

  /**
   * One line of the report.
   *
   * @param key the promise
   * @param share of met among met and breached, 0…1; null while there is neither
   * @param overrunP50Seconds of what was breached and is done since; 0 when nothing is
   */
  public record Row(
      String key,
      long met,
      long breached,
      long voided,
      @Nullable Double share,
      double overrunP50Seconds,
      double overrunP90Seconds,
      double overrunP99Seconds) {

    static Row of(String key, VerdictCounts.Row counts) {
      return new Row(
          key,
          counts.count("met"),
          counts.count("breached"),
          counts.count("void"),
          counts.share(),
          counts.overruns().seconds(0.5),
          counts.overruns().seconds(0.9),
          counts.overruns().seconds(0.99));
    }
  }

  /** Rows by promise, in alphabetical order; MALFORMED when the period is empty or over 92 days. */
  public Future<List<Row>> read(Workspace workspace, ClockKind clock, Instant from, Instant to) {
    return hours.lines(workspace, clock.label(), from, to, Row::of);
  }
}
