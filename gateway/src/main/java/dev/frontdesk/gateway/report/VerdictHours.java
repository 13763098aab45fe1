// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Reads verdict hashes hour by hour, a bounded number at once. */
final class VerdictHours {

  /** Hashes asked for at once; a hash is tens of kilobytes at most. */
  private static final int AT_ONCE = 48;

  /** The longest period: what is kept, and two days for whoever asks for a quarter. */
  static final long MOST = 24L * 92;

  private final Store store;

  VerdictHours(Store store) {
    this.store = store;
  }

  /** Sums the hours {@code [from, to)}. */
  Future<VerdictCounts> sum(Workspace workspace, Dimension by, long from, long to) {
    return sum(workspace, new VerdictCounts(by.label()), from, to);
  }

  /**
   * The lines of a report: the sums of a period's hours, in alphabetical order of their keys;
   * MALFORMED when it is empty or over {@link #MOST}.
   *
   * @param label which counts, see {@link VerdictCounts}
   */
  <R> Future<List<R>> lines(
      Workspace workspace,
      String label,
      Instant from,
      Instant to,
      BiFunction<String, VerdictCounts.Row, R> line) {
    return period(workspace, new VerdictCounts(label), from, to)
        .map(
            counts ->
                counts.rows().entrySet().stream()
                    .map(row -> line.apply(row.getKey(), row.getValue()))
                    .toList());
  }

  private Future<VerdictCounts> period(
      Workspace workspace, VerdictCounts counts, Instant from, Instant to) {
    long first = VerdictRows.hourOf(from);
    long end = VerdictRows.hourOf(to.minusMillis(1)) + 1;
    return !from.isBefore(to) || end - first > MOST
        ? Future.failedFuture(
            new GatewayException(
                GatewayException.Kind.MALFORMED,
                "malformed",
                "period is " + from + " to " + to + ", expected from before to, at most 92 days"))
        : sum(workspace, counts, first, end);
  }

  private Future<VerdictCounts> sum(Workspace workspace, VerdictCounts counts, long from, long to) {
    if (from >= to) {
      return Future.succeededFuture(counts);
    }
    long next = Math.min(to, from + AT_ONCE);
    List<Future<Map<String, String>>> reads = new ArrayList<>();
    for (long hour = from; hour < next; hour++) {
      reads.add(store.hashAll(workspace.keys().verdicts(hour)));
    }
    return Future.all(reads)
        .map(
            done -> {
              reads.forEach(read -> counts.add(read.result()));
              return counts;
            })
        .compose(summed -> sum(workspace, summed, next, to));
  }
}
