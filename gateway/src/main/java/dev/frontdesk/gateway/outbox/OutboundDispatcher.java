// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Pacer;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in one workspace's outbox, while this node holds it.
 *
 * <ol>
 *   <li>Per conversation in order, one in flight; many conversations at once, at most {@code
 *       outbox.inFlight} per channel.
 *   <li>A claim outlives the send deadline by {@link #MARGIN}, so no other node sends meanwhile.
 *   <li>What its channel may not send yet waits in the channel's own line ({@link ChannelLine}), so
 *       that no channel is in the way of another. A line that is full sends the rest away for
 *       {@link #LATER}.
 *   <li>Retries happen here only; a platform's {@code Retry-After} pauses the whole channel, and so
 *       does the bound of its dead letters. One whose platform is silent rests ({@link
 *       dev.frontdesk.gateway.domain.ChannelCircuit}).
 * </ol>
 */
public final class OutboundDispatcher {

  static final Duration MARGIN = Duration.ofSeconds(20);

  /** Conversations that are looked at together, without those on their way to a platform. */
  static final int LOOKED_AT = 512;

  /** Conversations claimed by one call of the store. */
  private static final int CLAIMED = 200;

  /** How long a channel pauses at the bound of its dead letters before it is looked at again. */
  static final Duration FULL = Duration.ofSeconds(10);

  /** When a conversation that found its line full is looked at again, and as much more at most. */
  static final Duration LATER = Duration.ofSeconds(30);

  /** From the look at a claim to the first byte: what is sent under less burns an attempt. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** What was not claimed again so long after its claim is not in the outbox any more. */
  private static final Duration GONE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(OutboundDispatcher.class);

  private final Supplier<Workspace> workspace;
  private final Store store;
  private final ConversationService conversations;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final GatewayMetrics metrics;
  private final OutboundSender sender;
  private final Pacer pacer;
  private final Set<String> underWay = new HashSet<>();
  private final Map<String, Claim> dueAgain = new HashMap<>();
  private final Map<String, ChannelLine> lines = new HashMap<>();
  private final Map<String, ChannelLine> waitsIn = new HashMap<>();
  private final Map<ChannelLine, Scheduler.Cancellable> alarms = new HashMap<>();
  private final Set<ChannelLine> advancing = new HashSet<>();
  private int sending;
  private boolean running;
  private boolean crowded;

  public OutboundDispatcher(
      Supplier<Workspace> workspace,
      String node,
      Store store,
      ConversationService conversations,
      Channels channels,
      Scheduler scheduler,
      RandomGenerator random,
      GatewayMetrics metrics) {
    this.workspace = workspace;
    this.store = store;
    this.conversations = conversations;
    this.scheduler = scheduler;
    this.random = random;
    this.metrics = metrics;
    this.sender =
        new OutboundSender(
            node, store, conversations, channels, scheduler, metrics, new Backoff(random));
    this.pacer = new Pacer(scheduler, () -> store.clock(workspace.get().id()).now(), this::poll);
  }

  public void start() {
    running = true;
    Workspace at = workspace.get();
    at.config()
        .channels()
        .keySet()
        .forEach(channel -> metrics.outboxResting(at.id(), channel, line(channel).rests()));
    pacer.start();
  }

  /** What waits in lines is left to its claims; what is on its way ends by itself. */
  public void stop() {
    running = false;
    pacer.stop();
    alarms.values().forEach(Scheduler.Cancellable::cancel);
    alarms.clear();
    waitsIn.clear();
    lines.values().forEach(ChannelLine::clear);
    lines.keySet().forEach(channel -> metrics.outboxResting(workspace.get().id(), channel, false));
  }

  /** Something is ready at {@code atMillis}. */
  public void wake(long atMillis) {
    pacer.wake(atMillis);
  }

  /** Conversations that are looked at, or whose message is on its way. */
  public int underWay() {
    return underWay.size();
  }

  /** Those that are under way without a place among the sends of their channel. */
  private int looking() {
    return underWay.size() - sending;
  }

  private Future<Long> poll() {
    int room = LOOKED_AT - looking();
    crowded = room <= 0;
    if (crowded) {
      return Future.succeededFuture(-1L); // the one that makes room wakes
    }
    Workspace at = workspace.get();
    long bound = at.config().outbox().maxDeadLetters();
    return store
        .hashGet(at.keys().gauges(), RedisKeys.DEAD_LETTERS)
        .compose(
            letters ->
                letters != null && Long.parseLong(letters) >= bound
                    ? store.hashAll(at.keys().gauges()).map(gauges -> pauseFull(at, gauges, bound))
                    : Future.succeededFuture())
        .compose(looked -> claim(at, Math.min(room, CLAIMED)));
  }

  /** A channel sends nothing that could be one dead letter more, until an operator made room. */
  private Void pauseFull(Workspace at, Map<String, String> gauges, long bound) {
    Instant now = store.clock(at.id()).now();
    for (String channel : at.config().channels().keySet()) {
      String letters = gauges.get(RedisKeys.deadLettersOf(channel));
      // asked again before the pause is over, or its line would go on for a moment
      if (letters != null
          && Long.parseLong(letters) >= bound
          && !line(channel).isPausedAt(now.plus(Pacer.LONGEST_SLEEP.multipliedBy(2)))) {
        line(channel).pause(now.plus(FULL));
        LOG.atError()
            .addKeyValue(LogKeys.WORKSPACE, at.id())
            .addKeyValue(LogKeys.CHANNEL, channel)
            .log("Sending pauses: the bound of dead letters is reached, retry or delete some");
      }
    }
    return null;
  }

  private Future<Long> claim(Workspace at, int most) {
    Duration claim = at.config().outbox().sendTimeout().plus(MARGIN);
    Instant ends = store.clock(at.id()).now().plus(claim);
    return store
        .claimDue(at.id(), at.keys().outbox(), claim, most)
        .map(
            claimed -> {
              claimed.due().forEach(due -> take(at, new Claim(due, ends)));
              return claimed.due().size() == most ? 0L : claimed.nextDueMillis();
            });
  }

  private ChannelLine line(String channel) {
    return lines.computeIfAbsent(channel, ChannelLine::new);
  }

  private void take(Workspace at, Claim claim) {
    if (!running) {
      return; // what the store answered after the end is left to its claims
    }
    String member = claim.due().member();
    ChannelLine line = waitsIn.get(member);
    if (line != null) {
      line.put(claim);
      advance(at, line);
    } else if (underWay.add(member)) {
      look(at, new Turn(claim));
    } else {
      // its next message became ready before this node heard that the last one is recorded
      dueAgain.put(member, claim);
    }
  }

  /** Sends the first message of a claimed conversation, or has it wait. */
  private void look(Workspace at, Turn turn) {
    Conversation.Id id = turn.claim.conversation();
    conversations
        .find(at, id)
        .compose(found -> found == null ? forget(at, id) : next(at, found, turn))
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.CONVERSATION, id)
                    .addKeyValue(LogKeys.REASON, done.cause().toString())
                    .log("send not recorded, looked at again after its claim");
              }
              over(at, turn, done.succeeded());
            });
  }

  /** One look at a conversation, and what is to be undone when it is over. */
  private static final class Turn {
    private final Claim claim;

    /** Where it has a place among the sends; null: it has none. */
    private @Nullable ChannelLine entered;

    /** Whether it tries a silent platform. */
    private boolean tries;

    /** Where it is to wait; null: nowhere. */
    private @Nullable ChannelLine waits;

    Turn(Claim claim) {
      this.claim = claim;
    }
  }

  private void over(Workspace at, Turn turn, boolean succeeded) {
    String member = turn.claim.due().member();
    underWay.remove(member);
    Claim again = dueAgain.remove(member);
    if (turn.entered != null) {
      sending--;
      turn.entered.leave(turn.tries);
    }
    if (turn.waits != null && running) {
      turn.waits.put(again != null ? again : turn.claim);
      waitsIn.put(member, turn.waits);
    } else if (again != null && succeeded) {
      take(at, again);
    }
    if (crowded && running) {
      crowded = false;
      pacer.wake(0);
    }
    ChannelLine line = turn.entered != null ? turn.entered : turn.waits;
    if (line != null && !succeeded) {
      // the store is in trouble: not all that waits has to find that out
      line.hold(store.clock(at.id()).now().plus(Pacer.LONGEST_SLEEP));
    }
    if (line != null) {
      advance(at, line);
    }
  }

  private Future<Void> next(Workspace at, Snapshot found, Turn turn) {
    Conversation conversation = found.conversation();
    if (conversation.outbox().isEmpty()) {
      return clear(at, found);
    }
    ChannelLine line = line(conversation.contact().channel());
    Instant now = store.clock(at.id()).now();
    if (turn.entered == null) {
      if (line.size() > 0 || !line.admits(now, at.config().outbox().inFlight())) {
        return waitIn(at, line, turn);
      }
      enter(turn, line);
    }
    Instant ready = conversation.outbox().get(0).readyAt();
    long readyMillis = ready == null ? (long) turn.claim.due().score() : ready.toEpochMilli();
    metrics.outboxAge(at.id(), Duration.ofMillis(Math.max(0, now.toEpochMilli() - readyMillis)));
    return sender.send(
        at, conversation, turn.claim, (result, pause) -> heard(at, turn, line, result, pause));
  }

  private void enter(Turn turn, ChannelLine line) {
    turn.entered = line;
    turn.tries = line.enter();
    sending++;
  }

  private Future<Void> waitIn(Workspace at, ChannelLine line, Turn turn) {
    if (line.hasRoom()) {
      turn.waits = line;
      return Future.succeededFuture();
    }
    long later = LATER.toMillis() + random.nextLong(LATER.toMillis());
    return postpone(at, turn.claim.conversation(), store.clock(at.id()).now().plusMillis(later));
  }

  private void heard(
      Workspace at, Turn turn, ChannelLine line, SendResult result, @Nullable Duration pause) {
    Instant now = store.clock(at.id()).now();
    boolean asks = result instanceof SendResult.Retry retry && retry.after() != null;
    if (asks && pause != null) {
      line.pause(now.plus(pause));
    }
    boolean silent =
        result instanceof SendResult.Unknown
            || (result instanceof SendResult.Retry retry && !retry.reached());
    boolean changed =
        silent
            ? line.silence(turn.tries, now, random.nextDouble())
            : (asks || result instanceof SendResult.Accepted) && line.answer();
    if (changed) {
      metrics.outboxResting(at.id(), line.channel(), running && line.rests());
      LOG.atWarn()
          .addKeyValue(LogKeys.WORKSPACE, at.id())
          .addKeyValue(LogKeys.CHANNEL, line.channel())
          .log(
              line.rests()
                  ? "The platform is silent: replies wait, one at a time tries it"
                  : "The platform answers again: replies are sent");
    }
  }

  /** Sends what a line has while it may; comes back when the line opens by itself. */
  private void advance(Workspace at, ChannelLine line) {
    // a send that is over at once comes here again: the loop goes on, not the stack
    if (!running || !advancing.add(line)) {
      return;
    }
    boolean stays = true;
    try {
      while (stays && line.admits(store.clock(at.id()).now(), at.config().outbox().inFlight())) {
        stays = sendFirst(at, line);
      }
    } finally {
      advancing.remove(line);
    }
    Instant now = store.clock(at.id()).now();
    Instant opens = line.opensAt(now);
    if (opens != null && line.first() != null) {
      wakeAt(line, Duration.between(now, opens));
    }
  }

  /** Whether there may be more to send now. */
  private boolean sendFirst(Workspace at, ChannelLine line) {
    Claim first = line.first();
    if (first == null) {
      return false;
    }
    String member = first.due().member();
    Instant now = store.clock(at.id()).now();
    boolean covers = first.covers(now, OutboundSender.longest(at).plus(SLACK));
    if (!covers && now.isBefore(first.ends().plus(GONE))) {
      claimAnew(at, line);
      wakeAt(line, GONE);
      return false;
    }
    line.remove(first);
    waitsIn.remove(member);
    if (covers) {
      underWay.add(member);
      Turn turn = new Turn(first);
      enter(turn, line);
      look(at, turn);
    } // else nobody claims it any more: it has nothing to send
    return true;
  }

  private void wakeAt(ChannelLine line, Duration delay) {
    Scheduler.Cancellable old =
        alarms.put(
            line,
            scheduler.after(
                delay.plusMillis(1),
                () -> {
                  alarms.remove(line);
                  advance(workspace.get(), line);
                }));
    if (old != null) {
      old.cancel();
    }
  }

  /** What would outlive its claim becomes due at once, and is sent when it is claimed again. */
  private void claimAnew(Workspace at, ChannelLine line) {
    Instant now = store.clock(at.id()).now();
    line.toBeRenewed(now, OutboundSender.longest(at).plus(SLACK), at.config().outbox().inFlight())
        .forEach(
            claim ->
                postpone(at, claim.conversation(), now)
                    // where that fails the claim ends by itself, in a few seconds
                    .onComplete(done -> pacer.wake(0)));
  }

  private Future<Void> postpone(Workspace at, Conversation.Id id, Instant until) {
    return committed(
        Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Present(at.keys().outbox(), id.value()))
            .write(new Write.SortedAdd(at.keys().outbox(), id.value(), until.toEpochMilli()))
            .build());
  }

  /** Nothing is left to send; guarded by the version in case a reply comes just now. */
  private Future<Void> clear(Workspace at, Snapshot found) {
    return committed(
        Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING)
            .guard(
                new Guard.Equals(
                    at.keys().conversation(found.conversation().id()),
                    "v",
                    Long.toString(found.version())))
            .write(new Write.SortedRemove(at.keys().outbox(), found.conversation().id().value()))
            .build());
  }

  private Future<Void> forget(Workspace at, Conversation.Id id) {
    return committed(
        Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Absent(at.keys().conversation(id), null))
            .write(new Write.SortedRemove(at.keys().outbox(), id.value()))
            .build());
  }

  private Future<Void> committed(Commit commit) {
    return store
        .commit(commit)
        .compose(
            result ->
                result instanceof CommitResult.Done
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException(result.toString())));
  }
}
