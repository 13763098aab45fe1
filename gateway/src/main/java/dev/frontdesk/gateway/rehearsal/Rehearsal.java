// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.ConnectorCatalog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway played once before the real one is ready: customers, an agent, a bot and a
 * supervisor over real sockets, on a store in memory and event loops of its own. What they need is
 * loaded, linked and compiled afterwards; otherwise the first customers would wait for that, and an
 * event loop would be held for more than 100 ms by one cold request. Nothing of it is kept.
 *
 * <ol>
 *   <li>It takes {@link #LENGTH} at most, {@link #CLOSING} more to close, whatever happens. If
 *       closing is over then, what it left is collected, before anybody could wait for that.
 *   <li>It reaches nothing but 127.0.0.1 and no file; see {@link Stage}.
 *   <li>It never fails: what goes wrong in it is logged for debugging.
 * </ol>
 */
public final class Rehearsal {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /** How long it plays at most: what a start may cost (issue: 4 s in all, aim 2). */
  static final Duration LENGTH = Duration.ofMillis(1_200);

  /** How long closing is waited for; what takes longer ends while the gateway works. */
  static final Duration CLOSING = Duration.ofMillis(500);

  /** Any time will do; signatures and deadlines only compare with it. */
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final ConnectorCatalog catalog;
  private final Duration length;
  private final Set<String> connectors = new HashSet<>();
  private final boolean hasBots;
  private final long begun = System.nanoTime();
  private final InstantSource clock = () -> BEGINNING.plusNanos(System.nanoTime() - begun);

  /** A rehearsal of the kinds of channels that a configuration has. */
  public Rehearsal(LoadedConfig loaded, ConnectorCatalog catalog) {
    this(loaded, catalog, LENGTH);
  }

  Rehearsal(LoadedConfig loaded, ConnectorCatalog catalog, Duration length) {
    this.catalog = catalog;
    this.length = length;
    boolean bots = false;
    for (FrontdeskConfig.Workspace workspace : loaded.config().workspaces().values()) {
      workspace.channels().values().forEach(channel -> connectors.add(channel.connector()));
      bots |= !workspace.bots().isEmpty();
    }
    this.hasBots = bots;
  }

  /**
   * Plays. The future is completed on a thread of the rehearsal, always with success; nothing may
   * be done there but handing over.
   */
  public Future<?> play() {
    return played();
  }

  /** The same, told what it came to. */
  Future<Played> played() {
    Promise<Played> closed = Promise.promise();
    // every thread of it is in this group: see Silence
    new Thread(threads(), () -> play(closed), Silence.GROUP).start();
    return closed.future();
  }

  private static ThreadGroup threads() {
    return new ThreadGroup(Silence.GROUP) {
      @Override
      public void uncaughtException(Thread thread, Throwable failure) {
        LOG.atDebug().setCause(failure).log("A rehearsal failed");
      }
    };
  }

  private void play(Promise<Played> closed) {
    Vertx vertx = Vertx.vertx(options());
    Promise<Void> over = Promise.promise();
    vertx.runOnContext(
        v -> {
          Acts acts = new Acts(vertx, catalog, clock);
          vertx.setTimer(length.toMillis(), late -> over.tryComplete());
          Stage.build(vertx, clock, connectors, hasBots)
              .compose(acts::play)
              .onFailure(failure -> LOG.atDebug().setCause(failure).log("A rehearsal failed"))
              .onComplete(done -> over.tryComplete());
          over.future().onComplete(done -> end(vertx, acts, closed));
        });
  }

  private void end(Vertx vertx, Acts acts, Promise<Played> closed) {
    Played played = acts.played();
    LOG.atDebug()
        .addKeyValue("rounds", played.rounds())
        .addKeyValue("answers", played.answers())
        .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
        .log("Rehearsed");
    vertx.setTimer(CLOSING.toMillis(), late -> closed.tryComplete(played));
    acts.end()
        .transform(gone -> vertx.close())
        .onFailure(failure -> LOG.atDebug().setCause(failure).log("A rehearsal did not close"))
        .onComplete(
            done -> {
              if (!closed.future().isComplete()) {
                System.gc(); // what it left, in a pause that nobody waits for
              }
              closed.tryComplete(played);
            });
  }

  /** One loop, as the store in memory is for one thread; nobody counts how long it is held. */
  private static VertxOptions options() {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(1)
        .setMaxEventLoopExecuteTime(1)
        .setMaxEventLoopExecuteTimeUnit(TimeUnit.MINUTES);
  }
}
