// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who waits, per queue and promise: conversations waiting or offered. One row per configured pair,
 * zero or not, and one for each pair of an older configuration that still has someone.
 */
public final class QueueBoard {

  private final Store store;

  public QueueBoard(Store store) {
    this.store = store;
  }

  /**
   * One queue and promise.
   *
   * @param atRisk past the warning, whether or not breached
   * @param breached first response breached
   * @param oldestWaitingSeconds 0 when nobody waits
   */
  public record Row(
      String queue,
      String promise,
      long waiting,
      long atRisk,
      long breached,
      long oldestWaitingSeconds) {}

  /** Messages and timers that were given up. */
  public Future<Long> deadLetters(Workspace workspace) {
    return store
        .hashAll(workspace.keys().gauges())
        .map(
            gauges ->
                Long.parseLong(gauges.getOrDefault(RedisKeys.DEAD_LETTERS, "0"))
                    + Long.parseLong(gauges.getOrDefault(RedisKeys.DEAD_TIMERS, "0")));
  }

  /** The rows by queue and promise, in alphabetical order. */
  public Future<List<Row>> read(Workspace workspace) {
    Instant now = store.clock(workspace.id()).now();
    return store
        .hashAll(workspace.keys().gauges())
        .compose(
            gauges -> {
              List<Future<Row>> rows = new ArrayList<>();
              pairs(workspace, gauges).forEach(p -> rows.add(row(workspace, p, gauges, now)));
              return Future.all(rows).map(done -> rows.stream().map(Future::result).toList());
            });
  }

  /** The sum of rows; the age is that of the oldest. Queue and promise are {@code *}. */
  public static Row total(List<Row> rows) {
    Row sum = new Row("*", "*", 0, 0, 0, 0);
    for (Row row : rows) {
      sum =
          new Row(
              "*",
              "*",
              sum.waiting() + row.waiting(),
              sum.atRisk() + row.atRisk(),
              sum.breached() + row.breached(),
              Math.max(sum.oldestWaitingSeconds(), row.oldestWaitingSeconds()));
    }
    return sum;
  }

  private static Set<String> pairs(Workspace workspace, Map<String, String> gauges) {
    Set<String> pairs = new TreeSet<>();
    for (String queue : workspace.config().queues().keySet()) {
      workspace.config().promises().keySet().forEach(promise -> pairs.add(queue + "|" + promise));
    }
    gauges.forEach(
        (field, count) -> {
          if (!count.equals("0") && field.lastIndexOf('|') > field.indexOf('|')) {
            pairs.add(field.substring(0, field.lastIndexOf('|')));
          }
        });
    return pairs;
  }

  private Future<Row> row(
      Workspace workspace, String pair, Map<String, String> gauges, Instant now) {
    String queue = pair.substring(0, pair.indexOf('|'));
    String promise = pair.substring(pair.indexOf('|') + 1);
    var key = workspace.keys().waiting(queue, promise);
    Future<Long> waiting = store.sortedCount(key);
    Future<List<Scored>> oldest = store.sorted(key, 0, 0);
    return Future.all(waiting, oldest)
        .map(
            done ->
                new Row(
                    queue,
                    promise,
                    waiting.result(),
                    gauge(gauges, pair + "|atRisk"),
                    gauge(gauges, pair + "|breached"),
                    ageSeconds(oldest.result(), now)));
  }

  private static long gauge(Map<String, String> gauges, String field) {
    return Math.max(0, Long.parseLong(gauges.getOrDefault(field, "0")));
  }

  private static long ageSeconds(List<Scored> oldest, Instant now) {
    return oldest.isEmpty()
        ? 0
        : Math.max(0, (now.toEpochMilli() - (long) oldest.get(0).score()) / 1000);
  }
}
