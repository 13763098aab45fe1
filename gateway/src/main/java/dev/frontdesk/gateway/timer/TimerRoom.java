// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Pacer;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires what is due in one workspace, while this node holds it.
 *
 * <ol>
 *   <li>Never early: the store's own time decides what is due.
 *   <li>Each timer takes effect once: the commit it causes removes its member; one that is claimed
 *       and not removed comes again after {@link #CLAIM}.
 *   <li>One that fails {@link #MAX_FAILURES} times in a row becomes a dead letter; where there is
 *       no room for one it stays and is tried more rarely.
 *   <li>Bounded: at most {@link #BATCH} are claimed at once and {@link #IN_FLIGHT} under way; late
 *       ones leave time to everything else ({@link TimerTurns}).
 * </ol>
 */
public final class TimerRoom {

  static final Duration CLAIM = Duration.ofSeconds(10);
  static final int BATCH = 64;
  static final int IN_FLIGHT = 128;
  static final int MAX_FAILURES = 20;
  private static final Logger LOG = LoggerFactory.getLogger(TimerRoom.class);

  /** What a timer of one subject does. */
  @FunctionalInterface
  public interface Target {
    /**
     * Ends when the effect is durable, with the time the timer was due; null where nothing knows
     * it: it had no effect any more, or its subject does not keep it.
     */
    Future<@Nullable Instant> fire(Workspace workspace, Timer timer);
  }

  private final Supplier<Workspace> workspace;
  private final Store store;
  private final Map<Timer.Subject, Target> targets;
  private final GatewayMetrics metrics;
  private final Scheduler scheduler;
  private final Pacer pacer;
  private final TimerTurns turns = new TimerTurns();
  private final Set<String> underWay = new HashSet<>();
  private final FailureCounts failures = new FailureCounts(4_000);
  private final TimerLetterBox letters;

  public TimerRoom(
      Supplier<Workspace> workspace,
      Store store,
      Scheduler scheduler,
      Map<Timer.Subject, Target> targets,
      GatewayMetrics metrics) {
    this.workspace = workspace;
    this.store = store;
    this.targets = Map.copyOf(targets);
    this.metrics = metrics;
    this.scheduler = scheduler;
    this.letters = new TimerLetterBox(store);
    this.pacer = new Pacer(scheduler, () -> store.clock(workspace.get().id()).now(), this::poll);
  }

  public void start() {
    pacer.start();
  }

  public void stop() {
    pacer.stop();
  }

  /** A timer was armed for {@code atMillis}. */
  public void wake(long atMillis) {
    pacer.wake(atMillis);
  }

  private Future<Long> poll() {
    if (underWay.size() > IN_FLIGHT - BATCH) {
      return Future.succeededFuture(-1L); // the one that makes room wakes
    }
    int room = turns.most(BATCH);
    Workspace at = workspace.get();
    Instant began = store.clock(at.id()).now();
    return store
        .claimDue(at.id(), at.keys().timers(), CLAIM, room)
        .compose(
            claimed -> {
              List<Future<Void>> effects = new ArrayList<>(claimed.due().size());
              for (Scored one : claimed.due()) {
                if (one.score() > claimed.atMillis()) {
                  metrics.timerEarly(at.id());
                }
                effects.add(fire(at, one));
              }
              boolean full = effects.size() == room;
              if (turns.claimed(full, oldest(claimed), began)) {
                return turn(at, effects, began);
              }
              return Future.succeededFuture(full ? 0L : claimed.nextDueMillis());
            });
  }

  private static Instant oldest(Store.Claimed claimed) {
    return claimed.due().isEmpty()
        ? Instant.MAX
        : Instant.ofEpochMilli((long) claimed.due().get(0).score());
  }

  /** Ends when the next turn may begin, at once: after the effects and a rest, or their claim. */
  private Future<Long> turn(Workspace at, List<Future<Void>> effects, Instant began) {
    Promise<Long> over = Promise.promise();
    Scheduler.Cancellable longest = scheduler.after(CLAIM, () -> over.tryComplete(0L));
    Future.join(effects)
        .onComplete(
            done -> {
              longest.cancel();
              double share = at.config().timers().share().value();
              Duration rest = turns.rest(began, store.clock(workspace.get().id()).now(), share);
              scheduler.after(rest, () -> over.tryComplete(0L));
            });
    return over.future();
  }

  /** Ends well when it took effect, was given up, or is left to come again. */
  private Future<Void> fire(Workspace at, Scored due) {
    if (!underWay.add(due.member())) {
      return Future.succeededFuture();
    }
    Timer timer;
    try {
      timer = Timer.parse(due.member());
    } catch (IllegalArgumentException e) {
      return giveUp(at, due.member(), String.valueOf(e.getMessage()));
    }
    Target target = targets.get(timer.kind().subject());
    Future<@Nullable Instant> effect;
    try {
      effect =
          target == null
              ? Future.failedFuture(new IllegalStateException("nothing handles " + timer.kind()))
              : target.fire(at, timer);
    } catch (RuntimeException e) {
      effect = Future.failedFuture(e);
    }
    return effect.transform(
        done -> {
          if (done.failed()) {
            return failed(at, due.member(), done.cause());
          }
          ended(due.member());
          failures.clear(due.member());
          metrics.timerLateness(at.id(), lateness(due, done.result()));
          return Future.succeededFuture();
        });
  }

  /** A score says when the last claim ended, if there was one: then only the subject knows. */
  private Duration lateness(Scored due, @Nullable Instant known) {
    long dueMillis = known == null ? (long) due.score() : known.toEpochMilli();
    return Duration.ofMillis(
        Math.max(0, store.clock(workspace.get().id()).now().toEpochMilli() - dueMillis));
  }

  private void ended(String member) {
    underWay.remove(member);
    if (underWay.size() == IN_FLIGHT - BATCH) {
      pacer.wake(0);
    }
  }

  private Future<Void> failed(Workspace at, String member, Throwable cause) {
    LOG.atWarn()
        .addKeyValue(LogKeys.WORKSPACE, at.id())
        .addKeyValue(LogKeys.REASON, cause.toString())
        .log("timer did not take effect, it comes again");
    if (failures.failed(member, store.clock(at.id()).now()) >= MAX_FAILURES) {
      return giveUp(at, member, cause.toString());
    }
    ended(member);
    return Future.succeededFuture();
  }

  private Future<Void> giveUp(Workspace at, String member, String reason) {
    return letters
        .giveUp(at, member, reason)
        .transform(
            done -> {
              ended(member);
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.EVENT, member)
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("timer to be given up stays, it comes again");
              } else {
                givenUp(at, member, reason, done.result());
              }
              return Future.succeededFuture();
            });
  }

  private void givenUp(Workspace at, String member, String reason, TimerLetterBox.GivenUp outcome) {
    if (outcome == TimerLetterBox.GivenUp.POSTPONED) {
      LOG.atError()
          .addKeyValue(LogKeys.WORKSPACE, at.id())
          .addKeyValue(LogKeys.EVENT, member)
          .log("timer fails on: the bound of dead letters is reached, retry or delete some");
      return;
    }
    failures.clear(member);
    if (outcome == TimerLetterBox.GivenUp.LETTER) {
      metrics.timerDead(at.id());
      LOG.atError()
          .addKeyValue(LogKeys.WORKSPACE, at.id())
          .addKeyValue(LogKeys.EVENT, member)
          .addKeyValue(LogKeys.REASON, reason)
          .log("timer given up, it is a dead letter");
    }
  }

  /** Members claimed by this node and not yet done, for tests and drains. */
  public List<String> underWay() {
    return List.copyOf(underWay);
  }
}
