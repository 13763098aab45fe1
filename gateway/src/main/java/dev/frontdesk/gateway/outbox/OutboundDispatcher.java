// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.time.Pacer;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
 *   <li>{@code Sending} is durable before the first byte; what a dead node left is found after its
 *       claim lapses and becomes unknown.
 *   <li>A claim outlives the send deadline by {@link #MARGIN}, so no other node sends meanwhile; a
 *       send that would outlive its claim, because this node stood still, does not begin.
 *   <li>A connector says what became of a send by {@code outbox.sendTimeout}, so that what never
 *       left is told from what may have; one that says nothing {@link #GRACE} later is unknown.
 *   <li>Retries happen here only; a platform's {@code Retry-After} pauses the whole channel, and so
 *       does the bound of its dead letters.
 * </ol>
 */
public final class OutboundDispatcher {

  static final Duration MARGIN = Duration.ofSeconds(20);
  static final Duration GRACE = Duration.ofSeconds(1);
  static final int UNDER_WAY = 512;

  /** How long a channel pauses at the bound of its dead letters before it is looked at again. */
  static final Duration FULL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(OutboundDispatcher.class);

  private final Supplier<Workspace> workspace;
  private final String node;
  private final Store store;
  private final ConversationService conversations;
  private final Channels channels;
  private final Scheduler scheduler;
  private final GatewayMetrics metrics;
  private final Backoff backoff;
  private final Pacer pacer;
  private final Set<String> underWay = new HashSet<>();
  private final Map<String, Claim> dueAgain = new HashMap<>();
  private final Map<String, Integer> perChannel = new HashMap<>();
  private final Map<String, Instant> pausedUntil = new HashMap<>();
  private long senders;

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
    this.node = node;
    this.store = store;
    this.conversations = conversations;
    this.channels = channels;
    this.scheduler = scheduler;
    this.metrics = metrics;
    this.backoff = new Backoff(random);
    this.pacer = new Pacer(scheduler, store.clock(), this::poll);
  }

  public void start() {
    pacer.start();
  }

  public void stop() {
    pacer.stop();
  }

  /** Something is ready at {@code atMillis}. */
  public void wake(long atMillis) {
    pacer.wake(atMillis);
  }

  /** Conversations whose message is on its way. */
  public int underWay() {
    return underWay.size();
  }

  private Future<Long> poll() {
    int room = UNDER_WAY - underWay.size();
    if (room <= 0) {
      return Future.succeededFuture(-1L);
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
        .compose(looked -> claim(at, room));
  }

  /** A channel sends nothing that could be one dead letter more, until an operator made room. */
  private Void pauseFull(Workspace at, Map<String, String> gauges, long bound) {
    Instant now = store.clock().now();
    for (String channel : at.config().channels().keySet()) {
      String letters = gauges.get(RedisKeys.deadLettersOf(channel));
      Instant paused = pausedUntil.get(channel);
      if (letters != null
          && Long.parseLong(letters) >= bound
          && (paused == null || !paused.isAfter(now))) {
        pausedUntil.put(channel, now.plus(FULL));
        LOG.atError()
            .addKeyValue(LogKeys.WORKSPACE, at.id())
            .addKeyValue(LogKeys.CHANNEL, channel)
            .log("Sending pauses: the bound of dead letters is reached, retry or delete some");
      }
    }
    return null;
  }

  private Future<Long> claim(Workspace at, int room) {
    Duration claim = at.config().outbox().sendTimeout().plus(MARGIN);
    Instant ends = store.clock().now().plus(claim);
    return store
        .claimDue(at.id(), at.keys().outbox(), claim, Math.min(room, 200))
        .map(
            claimed -> {
              claimed.due().forEach(due -> take(at, new Claim(due, ends)));
              return claimed.due().size() == Math.min(room, 200) ? 0L : claimed.nextDueMillis();
            });
  }

  /**
   * A conversation with something to send.
   *
   * @param ends when another node may take it, by the store's clock; at the earliest
   */
  private record Claim(Scored due, Instant ends) {}

  private void take(Workspace at, Claim claim) {
    Scored due = claim.due();
    if (!underWay.add(due.member())) {
      // its next message became ready before this node heard that the last one is recorded
      dueAgain.put(due.member(), claim);
      return;
    }
    Conversation.Id id = new Conversation.Id(due.member());
    conversations
        .find(at, id)
        .compose(found -> found == null ? forget(at, id) : next(at, found, claim))
        .onComplete(
            done -> {
              underWay.remove(due.member());
              if (done.failed()) {
                LOG.atWarn()
                    .addKeyValue(LogKeys.CONVERSATION, id)
                    .addKeyValue(LogKeys.REASON, done.cause().toString())
                    .log("send not recorded, looked at again after its claim");
              }
              Claim again = dueAgain.remove(due.member());
              if (again != null && done.succeeded()) {
                take(at, again);
              }
            });
  }

  private Future<Void> next(Workspace at, Snapshot found, Claim claim) {
    Conversation conversation = found.conversation();
    if (conversation.outbox().isEmpty()) {
      return clear(at, found);
    }
    Channels.Channel channel = channels.find(at.id(), conversation.contact().channel());
    Instant now = store.clock().now();
    Instant pause = pausedUntil.get(conversation.contact().channel());
    if (pause != null && pause.isAfter(now)) {
      return postpone(at, conversation.id(), pause);
    }
    int inFlight = perChannel.getOrDefault(conversation.contact().channel(), 0);
    if (inFlight >= at.config().outbox().inFlight()) {
      return postpone(at, conversation.id(), now.plusMillis(200));
    }
    perChannel.merge(conversation.contact().channel(), 1, Integer::sum);
    Instant ready = conversation.outbox().get(0).readyAt();
    long readyMillis = ready == null ? (long) claim.due().score() : ready.toEpochMilli();
    metrics.outboxAge(at.id(), Duration.ofMillis(Math.max(0, now.toEpochMilli() - readyMillis)));
    return send(at, conversation, channel, claim)
        .onComplete(done -> perChannel.merge(conversation.contact().channel(), -1, Integer::sum));
  }

  private Future<Void> send(
      Workspace at, Conversation conversation, Channels.@Nullable Channel channel, Claim claim) {
    int seq = conversation.outbox().get(0).seq();
    boolean repeatable = channel != null && channel.connector().deduplicatesSends();
    return conversations
        .messages(at, conversation.id(), seq, seq)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(new IllegalStateException("message " + seq + " is gone"))
                    : send(at, conversation, channel, claim, found.get(0), repeatable));
  }

  private Future<Void> send(
      Workspace at,
      Conversation conversation,
      Channels.@Nullable Channel channel,
      Claim claim,
      Message message,
      boolean repeatable) {
    // a name per attempt: what an earlier one of this node left open is as unknown as another's
    String sender = node + "." + ++senders;
    return conversations
        .apply(
            at, conversation.id(), new ConversationEvent.Sending(message, sender, repeatable), null)
        .compose(
            begun -> {
              if (!(begun instanceof Outcome.Applied applied)
                  || !isMine(applied, message.seq(), sender)) {
                return Future.succeededFuture();
              }
              int attempt = applied.conversation().outbox().get(0).attempt();
              return handOver(at, applied.conversation(), channel, claim, message)
                  .compose(
                      result -> record(at, conversation, message, attempt, result, repeatable));
            });
  }

  private static boolean isMine(Outcome.Applied applied, int seq, String sender) {
    return !applied.conversation().outbox().isEmpty()
        && applied.conversation().outbox().get(0).seq() == seq
        && sender.equals(applied.conversation().outbox().get(0).sendingNode());
  }

  private Future<SendResult> handOver(
      Workspace at,
      Conversation conversation,
      Channels.@Nullable Channel channel,
      Claim claim,
      Message message) {
    Duration longest = at.config().outbox().sendTimeout().plus(GRACE);
    if (store.clock().now().plus(longest).isAfter(claim.ends())) {
      // this node stood still: another one may have the conversation before this send would end
      return Future.succeededFuture(
          new SendResult.Retry("the claim would end before the send", null));
    }
    if (channel == null) {
      return Future.succeededFuture(
          new SendResult.Rejected(
              SendResult.Cause.OTHER, "channel-gone", "the channel is not configured any more"));
    }
    return within(
        longest, channel.connector().send(outbound(conversation, message), store.clock().now()));
  }

  private Future<SendResult> within(Duration deadline, Future<SendResult> sending) {
    Promise<SendResult> first = Promise.promise();
    Scheduler.Cancellable timeout =
        scheduler.after(
            deadline,
            () ->
                first.tryComplete(
                    new SendResult.Unknown("no answer within " + deadline.toMillis() + " ms")));
    sending.onComplete(
        done -> {
          timeout.cancel();
          first.tryComplete(
              done.succeeded()
                  ? done.result()
                  : new SendResult.Unknown(done.cause().getClass().getSimpleName()));
        });
    return first.future();
  }

  private Future<Void> record(
      Workspace at,
      Conversation conversation,
      Message message,
      int attempt,
      SendResult result,
      boolean repeatable) {
    FrontdeskConfig.Outbox bounds = at.config().outbox();
    boolean again =
        result instanceof SendResult.Retry || (repeatable && result instanceof SendResult.Unknown);
    SendResult told =
        again && result instanceof SendResult.Unknown unknown
            ? new SendResult.Retry(unknown.reason(), null)
            : result;
    Duration retryIn = again ? backoff.next(bounds, attempt, told) : null;
    if (told instanceof SendResult.Retry retry && retry.after() != null && retryIn != null) {
      pausedUntil.put(conversation.contact().channel(), store.clock().now().plus(retryIn));
    }
    metrics.sent(at.id(), conversation.contact().channel(), outcomeOf(told));
    return conversations
        .apply(
            at,
            conversation.id(),
            new ConversationEvent.Sent(message, attempt, told, retryIn),
            null)
        .mapEmpty();
  }

  private static String outcomeOf(SendResult result) {
    return result.fold(a -> "accepted", r -> "retry", r -> "rejected", u -> "unknown");
  }

  private static OutboundMessage outbound(Conversation conversation, Message message) {
    return new OutboundMessage(
        Message.id(conversation.id(), message.seq()),
        conversation.id().value(),
        new ContactRef(
            conversation.contact().externalId(), conversation.contactName(), conversation.tier()),
        conversation.contact().thread(),
        message.content(),
        message.replyTo(),
        message.author().kind() == Author.Kind.SYSTEM,
        conversation.context());
  }

  private Future<Void> postpone(Workspace at, Conversation.Id id, Instant until) {
    return committed(
        Commit.of(at.id(), store.clock().now(), Commit.Urgency.RELEASING)
            .guard(new Guard.Present(at.keys().outbox(), id.value()))
            .write(new Write.SortedAdd(at.keys().outbox(), id.value(), until.toEpochMilli()))
            .build());
  }

  /** Nothing is left to send; guarded by the version in case a reply comes just now. */
  private Future<Void> clear(Workspace at, Snapshot found) {
    return committed(
        Commit.of(at.id(), store.clock().now(), Commit.Urgency.RELEASING)
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
        Commit.of(at.id(), store.clock().now(), Commit.Urgency.RELEASING)
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
