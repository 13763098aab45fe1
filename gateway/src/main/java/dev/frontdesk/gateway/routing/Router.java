// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.conversation.ConversationCommands;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.DecisionMemory;
import dev.frontdesk.gateway.domain.routing.FurtherOffers;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the waiting conversations of one workspace to agents, while this node holds it. Sleeps
 * until the queue or an agent changes, a second at most; then reads, decides and offers, several
 * conversations at once.
 *
 * <ol>
 *   <li>One pass at a time; offers of a pass may still be on their way when the next one reads, and
 *       are neither repeated nor counted as room.
 *   <li>Two routers of one workspace do no harm: every offer is guarded by its commit.
 *   <li>All state is touched on the home executor only; {@link #start} and {@link #stop} may be
 *       called from anywhere, also twice.
 * </ol>
 */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

  /** What has just become possible is seen by the pass that runs, or a moment later. */
  private static final Duration SHORTEST_SLEEP = Duration.ofMillis(1);

  /**
   * Rows looked at per lane beyond what there is room for: at first, and at most while those in
   * front may not be had. Where there are many lanes {@link QueueHeads} gives each less.
   */
  private static final int LOOK_AHEAD = 8;

  private static final int FARTHEST = 512;

  private final Supplier<Workspace> workspaces;
  private final Store store;
  private final Scheduler scheduler;
  private final Executor home;
  private final ConversationCommands conversations;
  private final Supplier<String> offerIds;
  private final GatewayMetrics metrics;
  private final QueueHeads heads;
  private final SeatMirror mirror;
  private final Offering offering = new Offering();

  private DecisionMemory memory = DecisionMemory.EMPTY;
  private int lookAhead = LOOK_AHEAD;
  private Instant looksFarAt = Instant.MIN;
  private @Nullable Instant opensAt;
  private boolean running;
  private boolean passing;
  private boolean again;
  private Runnable unsubscribe = () -> {};
  private Scheduler.@Nullable Cancellable sleeping;

  /**
   * A router that does nothing until it is started.
   *
   * @param workspace the workspace as it is configured now; asked at each pass, so a reload counts
   * @param home runs tasks one after the other on the context the store answers on; never inside
   *     the call
   * @param offerIds unguessable ids, never the same twice
   */
  public Router(
      Supplier<Workspace> workspace,
      Store store,
      Scheduler scheduler,
      Executor home,
      ConversationCommands conversations,
      Supplier<String> offerIds,
      GatewayMetrics metrics) {
    this.workspaces = workspace;
    this.store = store;
    this.scheduler = scheduler;
    this.home = home;
    this.conversations = conversations;
    this.offerIds = offerIds;
    this.metrics = metrics;
    this.heads = new QueueHeads(store);
    this.mirror = new SeatMirror(store, offering::cost, offering::count);
  }

  /** Begins to offer: this node holds the workspace. */
  public void start() {
    home.execute(
        () -> {
          if (!running) {
            running = true;
            mirror.changedAll();
            unsubscribe =
                store.onWakeUp(
                    workspaces.get().id(),
                    topics -> {
                      if (concern(topics)) {
                        home.execute(() -> woken(topics));
                      }
                    });
            pass();
          }
        });
  }

  /** Stops offering; offers on their way end by themselves. */
  public void stop() {
    home.execute(
        () -> {
          running = false;
          unsubscribe.run();
          unsubscribe = () -> {};
          wake();
        });
  }

  /** Whether topics are of the router: most are not, and telling its context costs. */
  private static boolean concern(Set<String> topics) {
    return topics.contains("q") || topics.contains("g") || topics.contains("*");
  }

  private void woken(Set<String> topics) {
    boolean agents = false;
    if (topics.contains("*")) {
      mirror.changedAll();
    } else if (topics.contains("g")) {
      for (String topic : topics) {
        if (topic.startsWith("a:")) {
          mirror.changed(new Agent.Id(topic.substring(2)));
          agents = true;
        }
      }
      if (!agents) {
        mirror.changedAll();
      }
    }
    pass();
  }

  private void pass() {
    if (passing) {
      again = true;
      return;
    }
    wake();
    if (!running) {
      return;
    }
    passing = true;
    again = false;
    Workspace workspace = workspaces.get();
    mirror
        .refresh(workspace)
        .compose(read -> reading(workspace))
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(done.cause()))
                    .log("Routing pass failed; the next one is in a second");
              }
              passing = false;
              if (again && done.succeeded()) {
                home.execute(this::pass);
              } else if (running) {
                sleeping = scheduler.after(sleep(), this::pass);
              }
            });
  }

  /** Until time alone lets somebody have what waits, or an agent have more; a second at most. */
  private Duration sleep() {
    Instant now = store.clock(workspaces.get().id()).now();
    Instant at = now.plus(LONGEST_SLEEP);
    Instant more = mirror.moreAt();
    at = more != null && more.isBefore(at) ? more : at;
    at = opensAt != null && opensAt.isBefore(at) ? opensAt : at;
    Duration left = Duration.between(now, at);
    return left.compareTo(SHORTEST_SLEEP) < 0 ? SHORTEST_SLEEP : left;
  }

  private void wake() {
    if (sleeping != null) {
      sleeping.cancel();
      sleeping = null;
    }
  }

  private Future<Void> reading(Workspace workspace) {
    Instant now = store.clock(workspace.id()).now();
    SeatIndex seats = mirror.seats(now);
    opensAt = null;
    if (seats.room() == 0 || offering.room() == 0) {
      return Future.succeededFuture();
    }
    long most = Math.min(seats.room(), offering.room());
    int depth = (int) Math.min(FARTHEST, most + lookAhead + offering.size());
    return heads
        .read(workspace, seats::admits, depth)
        .map(
            lanes -> {
              decide(workspace, lanes, seats, now);
              return null;
            });
  }

  private void decide(
      Workspace workspace, List<RoutingPass.Lane> lanes, SeatIndex seats, Instant now) {
    RoutingPass.Plan plan =
        RoutingPass.plan(
            workspace.policy(),
            memory,
            lanes,
            seats,
            offering.untouchable(now),
            now,
            offering.room());
    metrics.passedOver(workspace.id(), plan.memory().passedOver() - memory.passedOver());
    memory = plan.memory();
    opensAt = plan.opensAt();
    lookAhead(plan, now);
    plan.decisions().forEach(decision -> offer(workspace, decision, now, false));
    FurtherOffers.of(plan, seats, workspace.config().routing().offerTo(), offering.room(), now)
        .forEach(decision -> offer(workspace, decision, now, true));
  }

  /**
   * Looks farther while somebody with room sees only what was declined, is kept for others or costs
   * more than is left. What was looked for in vain is looked for again after a second.
   */
  private void lookAhead(RoutingPass.Plan plan, Instant now) {
    if (!plan.starved()) {
      lookAhead = LOOK_AHEAD;
    } else if (lookAhead >= FARTHEST && plan.decisions().isEmpty()) {
      lookAhead = LOOK_AHEAD;
      looksFarAt = now.plus(LONGEST_SLEEP);
    } else if (lookAhead < FARTHEST && !now.isBefore(looksFarAt)) {
      lookAhead = lookAhead * 4;
      again = true;
    }
  }

  /** {@code further}: it is being offered to somebody else already. */
  private void offer(
      Workspace workspace, RoutingPass.Decision decision, Instant now, boolean further) {
    offering.begin(decision);
    AgentSeat seat = decision.seat();
    var event =
        new ConversationEvent.Offer(
            offerIds.get(),
            new ConversationEvent.AgentFence(
                seat.id(), seat.generation(), seat.bound(decision.waiting().cost())),
            decision.waiting().cost(),
            now.plus(workspace.config().routing().offerTimeout()),
            new ConversationEvent.Explanation(
                decision.rule(),
                decision.candidates(),
                decision.slack().toMillis(),
                decision.step()),
            decision.waiting().bucket());
    conversations
        .apply(workspace, decision.waiting().id(), event, null)
        .onComplete(
            done -> {
              offering.end(decision);
              mirror.changed(seat.id());
              boolean made = done.succeeded() && done.result() instanceof Outcome.Applied;
              if (made && !further) {
                metrics.decision(workspace.id(), decision.rule());
              } else if (!made && !further) {
                offering.rest(decision, store.clock(workspaces.get().id()).now());
              }
              if (!made) {
                forgotten(workspace, decision, done.cause());
              }
              pass();
            });
  }

  private static void forgotten(
      Workspace workspace, RoutingPass.Decision decision, @Nullable Throwable cause) {
    LOG.atDebug()
        .addKeyValue(LogKeys.WORKSPACE, workspace.id())
        .addKeyValue(LogKeys.CONVERSATION, decision.waiting().id())
        .addKeyValue(LogKeys.AGENT, decision.seat().id())
        .addKeyValue(LogKeys.REASON, cause == null ? "refused" : cause.getMessage())
        .log("Offer was not made; the conversation is decided again");
  }
}
