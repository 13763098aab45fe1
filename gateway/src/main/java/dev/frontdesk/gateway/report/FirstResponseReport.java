// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many promises of a first response were kept, and how long answers took. Counts are kept per
 * hour: a period is widened to whole hours (UTC).
 */
public final class FirstResponseReport {

  private final Store store;
  private final VerdictHours hours;

  public FirstResponseReport(Store store) {
    this.store = store;
    this.hours = new VerdictHours(store);
  }

  /**
   * One line of the report.
   *
   * @param key the agent, queue, channel or promise
   * @param answered first responses given, late ones too
   * @param share of met among met and breached, 0…1; null while there is neither
   * @param p50Seconds of responses given; 0 when there is none
   */
  public record Row(
      String key,
      long answered,
      long met,
      long breached,
      @Nullable Double share,
      double p50Seconds,
      double p90Seconds,
      double p99Seconds) {

    static Row of(String key, VerdictCounts.Row counts) {
      return new Row(
          key,
          counts.count("answered"),
          counts.count("met"),
          counts.count("breached"),
          counts.share(),
          counts.times().seconds(0.5),
          counts.times().seconds(0.9),
          counts.times().seconds(0.99));
    }
  }

  /** Rows by key, in alphabetical order; MALFORMED when the period is empty or over 92 days. */
  public Future<List<Row>> read(Workspace workspace, Instant from, Instant to, Dimension by) {
    return hours.lines(workspace, by.label(), from, to, Row::of);
  }

  /**
   * The live share of promises kept, per promise of the configuration, over the last 24 hours and
   * the present one; 1 while there is no verdict.
   */
  public Future<Map<String, Double>> objectiveShares(Workspace workspace) {
    long now = VerdictRows.hourOf(store.clock(workspace.id()).now());
    return hours
        .sum(workspace, Dimension.PROMISE, now - 24, now + 1)
        .map(
            counts -> {
              Map<String, Double> shares = new TreeMap<>();
              for (String promise : workspace.config().promises().keySet()) {
                VerdictCounts.Row row = counts.rows().get(promise);
                Double share = row == null ? null : row.share();
                shares.put(promise, share == null ? 1.0 : share);
              }
              return shares;
            });
  }
}
