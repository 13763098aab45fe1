// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads verdict hashes hour by hour, a bounded number at once. */
final class VerdictHours {

  /** Hashes asked for at once; a hash is tens of kilobytes at most. */
  private static final int AT_ONCE = 48;

  private final Store store;

  VerdictHours(Store store) {
    this.store = store;
  }

  /** Sums the hours {@code [from, to)}. */
  Future<VerdictCounts> sum(Workspace workspace, Dimension by, long from, long to) {
    return sum(workspace, new VerdictCounts(by), from, to);
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
