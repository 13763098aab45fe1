// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.report.FirstResponseReport;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the gauges of the boards near the truth: reads the queue board of every workspace at each
 * interval, the shares of promises kept at every tenth. Where the store does not answer, gauges
 * keep their last value. Runs on one context.
 */
public final class BoardSampler {

  private static final Logger LOG = LoggerFactory.getLogger(BoardSampler.class);

  private static final int SHARES_EVERY = 10;

  private final Workspaces workspaces;
  private final Function<Workspace, Future<List<QueueBoard.Row>>> queue;
  private final Function<Workspace, Future<Map<String, Double>>> shares;
  private final Function<Workspace, Future<Long>> letters;
  private final GatewayMetrics metrics;
  private final Scheduler scheduler;
  private final Duration interval;
  private long round;
  private boolean stopped;

  /** Samples boards each {@code interval}, beginning with {@link #start}. */
  public BoardSampler(
      Workspaces workspaces,
      QueueBoard queue,
      FirstResponseReport report,
      GatewayMetrics metrics,
      Scheduler scheduler,
      Duration interval) {
    this(
        workspaces,
        queue::read,
        report::objectiveShares,
        queue::deadLetters,
        metrics,
        scheduler,
        interval);
  }

  BoardSampler(
      Workspaces workspaces,
      Function<Workspace, Future<List<QueueBoard.Row>>> queue,
      Function<Workspace, Future<Map<String, Double>>> shares,
      Function<Workspace, Future<Long>> letters,
      GatewayMetrics metrics,
      Scheduler scheduler,
      Duration interval) {
    this.workspaces = workspaces;
    this.queue = queue;
    this.shares = shares;
    this.letters = letters;
    this.metrics = metrics;
    this.scheduler = scheduler;
    this.interval = interval;
  }

  /** Samples now, and again one interval after each answer. */
  public void start() {
    if (stopped) {
      return;
    }
    sample()
        .onFailure(unread -> LOG.atDebug().setCause(unread).log("A board could not be sampled"))
        .onComplete(done -> scheduler.after(interval, this::start));
  }

  /** Samples no more. */
  public void stop() {
    stopped = true;
  }

  private Future<Void> sample() {
    boolean withShares = round++ % SHARES_EVERY == 0;
    List<Future<?>> reads = new ArrayList<>();
    for (Workspace workspace : workspaces.all()) {
      reads.add(queue.apply(workspace).onSuccess(rows -> show(workspace, rows)));
      if (withShares) {
        reads.add(
            letters
                .apply(workspace)
                .onSuccess(count -> metrics.deadLetters(workspace.id(), count)));
        reads.add(
            shares
                .apply(workspace)
                .onSuccess(
                    kept ->
                        kept.forEach(
                            (promise, share) ->
                                metrics.objectiveShare(workspace.id(), promise, share))));
      }
    }
    return Future.join(reads).mapEmpty();
  }

  private void show(Workspace workspace, List<QueueBoard.Row> rows) {
    rows.forEach(row -> metrics.waiting(workspace.id(), row.queue(), row.promise(), row.waiting()));
    metrics.oldestWaiting(workspace.id(), QueueBoard.total(rows).oldestWaitingSeconds());
  }
}
