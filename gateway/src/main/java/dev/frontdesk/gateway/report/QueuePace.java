// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast a queue moves: first responses of the last one to two hours, as reports count them. The
 * figures of a workspace are read again after {@link #KEPT}. Thread-safe.
 */
public final class QueuePace {

  static final Duration KEPT = Duration.ofSeconds(15);
  private static final Duration PERIOD = Duration.ofHours(1);
  private static final long HOUR_SECONDS = 3_600;

  private final Store store;
  private final FirstResponseReport report;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();

  private record Pace(Instant at, Future<Map<String, Long>> answered, long seconds) {}

  public QueuePace(Store store) {
    this.store = store;
    this.report = new FirstResponseReport(store);
  }

  /** How many of the queue have waited longer than since {@code since}, whatever their promise. */
  public Future<Long> ahead(Workspace workspace, String queue, Instant since) {
    List<Future<Long>> counts =
        workspace.config().promises().keySet().stream()
            .map(promise -> workspace.keys().waiting(queue, promise))
            .map(key -> store.sortedBelow(key, (double) since.toEpochMilli()))
            .toList();
    return Future.all(counts).map(all -> counts.stream().mapToLong(Future::result).sum());
  }

  /**
   * How long until somebody is answered who has {@code ahead} conversations before, or null while
   * nothing was answered lately.
   */
  public Future<@Nullable Long> estimateSeconds(Workspace workspace, String queue, long ahead) {
    Instant now = store.clock(workspace.id()).now();
    Pace pace =
        paces.compute(
            workspace.id(), (id, known) -> isFresh(known, now) ? known : read(workspace, now));
    return pace.answered()
        .map(
            byQueue -> {
              long answered = byQueue.getOrDefault(queue, 0L);
              return answered == 0 ? null : (ahead + 1) * pace.seconds() / answered;
            });
  }

  private static boolean isFresh(@Nullable Pace pace, Instant now) {
    return pace != null && !pace.answered().failed() && now.isBefore(pace.at().plus(KEPT));
  }

  /** Reports count by whole hours: the period is from the beginning of the last full one. */
  private Pace read(Workspace workspace, Instant now) {
    Instant from = now.minus(PERIOD);
    long seconds =
        now.getEpochSecond() - Math.floorDiv(from.getEpochSecond(), HOUR_SECONDS) * HOUR_SECONDS;
    Future<Map<String, Long>> answered =
        report
            .read(workspace, from, now, Dimension.QUEUE)
            .map(
                rows -> {
                  Map<String, Long> byQueue = new HashMap<>();
                  rows.forEach(row -> byQueue.put(row.key(), row.answered()));
                  return byQueue;
                });
    return new Pace(now, answered, seconds);
  }
}
