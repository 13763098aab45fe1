// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends the first message of a conversation and records what became of it.
 *
 * <ol>
 *   <li>{@code Sending} is durable before the first byte; what a dead node left is found after its
 *       claim lapses and becomes unknown.
 *   <li>A send that would outlive its claim, because this node stood still, does not begin.
 *   <li>A connector says what became of a send by {@code outbox.sendTimeout}, so that what never
 *       left is told from what may have; one that says nothing {@link #GRACE} later is unknown.
 * </ol>
 */
final class OutboundSender {

  static final Duration GRACE = Duration.ofSeconds(1);

  private final String node;
  private final Store store;
  private final ConversationService conversations;
  private final Channels channels;
  private final Scheduler scheduler;
  private final GatewayMetrics metrics;
  private final Backoff backoff;
  private long senders;

  OutboundSender(
      String node,
      Store store,
      ConversationService conversations,
      Channels channels,
      Scheduler scheduler,
      GatewayMetrics metrics,
      Backoff backoff) {
    this.node = node;
    this.store = store;
    this.conversations = conversations;
    this.channels = channels;
    this.scheduler = scheduler;
    this.metrics = metrics;
    this.backoff = backoff;
  }

  /** Who is told how a platform did, before it is recorded. */
  @FunctionalInterface
  interface Listener {
    /**
     * A send ended.
     *
     * @param pause before the message is sent again, if it is
     */
    void heard(SendResult result, @Nullable Duration pause);
  }

  /** The longest a send of a workspace takes. */
  static Duration longest(Workspace at) {
    return at.config().outbox().sendTimeout().plus(GRACE);
  }

  /** Sends it and records the outcome; fails when that could not be recorded. */
  Future<Void> send(Workspace at, Conversation conversation, Claim claim, Listener listener) {
    int seq = conversation.outbox().get(0).seq();
    return conversations
        .messages(at, conversation.id(), seq, seq)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(new IllegalStateException("message " + seq + " is gone"))
                    : send(at, conversation, claim, found.get(0), listener));
  }

  private Future<Void> send(
      Workspace at, Conversation conversation, Claim claim, Message message, Listener listener) {
    Channels.Channel channel = channels.find(at.id(), conversation.contact().channel());
    boolean repeatable = channel != null && channel.connector().deduplicatesSends();
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
              Attempt attempt =
                  new Attempt(
                      message, applied.conversation().outbox().get(0).attempt(), repeatable);
              if (!claim.covers(store.clock(at.id()).now(), longest(at))) {
                // this node stood still: another one may have it before this send would end
                return record(
                    at,
                    conversation,
                    attempt,
                    new SendResult.Retry("the claim would end before the send", null),
                    (result, pause) -> {});
              }
              return handOver(at, applied.conversation(), channel, message)
                  .compose(result -> record(at, conversation, attempt, result, listener));
            });
  }

  /** One message on its way for the nth time. */
  private record Attempt(Message message, int number, boolean repeatable) {}

  private static boolean isMine(Outcome.Applied applied, int seq, String sender) {
    return !applied.conversation().outbox().isEmpty()
        && applied.conversation().outbox().get(0).seq() == seq
        && sender.equals(applied.conversation().outbox().get(0).sendingNode());
  }

  private Future<SendResult> handOver(
      Workspace at,
      Conversation conversation,
      Channels.@Nullable Channel channel,
      Message message) {
    if (channel == null) {
      return Future.succeededFuture(
          new SendResult.Rejected(
              SendResult.Cause.OTHER, "channel-gone", "the channel is not configured any more"));
    }
    return within(
        longest(at),
        channel.connector().send(outbound(conversation, message), store.clock(at.id()).now()));
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
      Attempt attempt,
      SendResult result,
      Listener listener) {
    FrontdeskConfig.Outbox bounds = at.config().outbox();
    boolean again =
        result instanceof SendResult.Retry
            || (attempt.repeatable() && result instanceof SendResult.Unknown);
    SendResult told =
        again && result instanceof SendResult.Unknown unknown
            ? SendResult.Retry.unreached(unknown.reason())
            : result;
    Duration retryIn = again ? backoff.next(bounds, attempt.number(), told) : null;
    listener.heard(told, retryIn);
    metrics.sent(at.id(), conversation.contact().channel(), outcomeOf(told));
    return conversations
        .apply(
            at,
            conversation.id(),
            new ConversationEvent.Sent(attempt.message(), attempt.number(), told, retryIn),
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
}
