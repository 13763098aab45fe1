// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.lease;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds one workspace's background work (timers, router, outbox) on one node at a time.
 *
 * <p>The lease only saves work: two holders for a moment are harmless, because every commit has its
 * own guards. Confined to the context it was started on.
 */
public final class WorkspaceLease {

  static final Duration TERM = Duration.ofSeconds(6);
  static final Duration BEAT = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(WorkspaceLease.class);

  private final String workspace;
  private final String node;
  private final Store store;
  private final Scheduler scheduler;
  private final Runnable taken;
  private final Runnable lost;
  private final RedisKeys keys;
  private boolean holding;
  private boolean stopped;
  private Scheduler.Cancellable next = () -> {};

  /**
   * A lease that is not started.
   *
   * @param taken called when this node begins to hold the workspace
   * @param lost called when it stops to, for whatever reason
   */
  public WorkspaceLease(
      String workspace,
      String node,
      Store store,
      Scheduler scheduler,
      Runnable taken,
      Runnable lost) {
    this.workspace = workspace;
    this.node = node;
    this.store = store;
    this.scheduler = scheduler;
    this.taken = taken;
    this.lost = lost;
    this.keys = new RedisKeys(workspace);
  }

  public void start() {
    beat();
  }

  public boolean isHolding() {
    return holding;
  }

  /** Gives the lease back at once, so that another node takes over without waiting. */
  public Future<Void> stop() {
    stopped = true;
    next.cancel();
    boolean held = holding;
    let(false);
    Commit.Builder leave =
        Commit.of(workspace, store.clock(workspace).now(), Commit.Urgency.RELEASING)
            .write(new Write.SortedRemove(keys.nodes(), node));
    if (held) {
      leave.guard(new Guard.Equals(keys.lease(), null, node)).write(new Write.Delete(keys.lease()));
    }
    return store.commit(leave.build()).mapEmpty();
  }

  private void beat() {
    long now = store.clock(workspace).now().toEpochMilli();
    store
        .sorted(keys.nodes(), 0, -1)
        .compose(nodes -> claim(live(nodes, now)))
        .onComplete(
            done -> {
              if (stopped) {
                return;
              }
              if (done.failed()) {
                LOG.atDebug()
                    .addKeyValue(LogKeys.WORKSPACE, workspace)
                    .addKeyValue(LogKeys.REASON, done.cause().toString())
                    .log("lease not renewed");
              }
              let(done.succeeded() && done.result());
              next = scheduler.after(BEAT, this::beat);
            });
  }

  private List<String> live(List<Scored> nodes, long now) {
    return java.util.stream.Stream.concat(
            nodes.stream().filter(one -> one.score() > now - TERM.toMillis()).map(Scored::member),
            java.util.stream.Stream.of(node))
        .distinct()
        .toList();
  }

  private Future<Boolean> claim(List<String> live) {
    boolean preferred = Rendezvous.preferred(workspace, live).filter(node::equals).isPresent();
    Commit.Builder beat =
        Commit.of(workspace, store.clock(workspace).now(), Commit.Urgency.RELEASING)
            .write(
                new Write.SortedAdd(
                    keys.nodes(), node, store.clock(workspace).now().toEpochMilli()));
    if (holding) {
      beat.guard(new Guard.Equals(keys.lease(), null, node));
      beat.write(
          preferred
              ? new Write.Set(keys.lease(), node, TERM.toMillis())
              : new Write.Delete(keys.lease()));
    } else if (preferred) {
      beat.guard(new Guard.Absent(keys.lease(), null));
      beat.write(new Write.Set(keys.lease(), node, TERM.toMillis()));
    }
    return store
        .commit(beat.build())
        .compose(
            result ->
                result instanceof CommitResult.Done || !preferred
                    ? Future.succeededFuture(preferred && result instanceof CommitResult.Done)
                    : announce());
  }

  /** The lease is another's for now; at least say that this node lives. */
  private Future<Boolean> announce() {
    Commit alive =
        Commit.of(workspace, store.clock(workspace).now(), Commit.Urgency.RELEASING)
            .write(
                new Write.SortedAdd(
                    keys.nodes(), node, store.clock(workspace).now().toEpochMilli()))
            .build();
    return store.commit(alive).map(false);
  }

  private void let(boolean holds) {
    if (holds && !holding) {
      holding = true;
      LOG.atInfo().addKeyValue(LogKeys.WORKSPACE, workspace).log("background work begins here");
      taken.run();
    } else if (!holds && holding) {
      holding = false;
      LOG.atInfo().addKeyValue(LogKeys.WORKSPACE, workspace).log("background work ends here");
      lost.run();
    }
  }
}
