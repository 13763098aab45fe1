// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Message;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way a conversation changes: load, apply, commit, in its lane.
 *
 * <ol>
 *   <li>Events of one contact take effect in the order they were given to this node.
 *   <li>A future completes on the caller's context, and only when the commit is durable.
 *   <li>It fails with {@code GatewayException}: UNAVAILABLE when the store does not answer within
 *       the budget (1.5 s), OVER_CAPACITY when a bound is reached.
 * </ol>
 */
public final class ConversationService {

  /** Stores inbound events of one contact of one channel, in order; one result per event. */
  public Future<List<Received>> receive(
      Workspace workspace, ContactKey contact, List<InboundEvent> events) {
    return Future.failedFuture("" + workspace.id() + contact + events);
  }

  /** Applies a command. {@code operation} null: not remembered. */
  public Future<Outcome> apply(
      Workspace workspace,
      Conversation.Id id,
      ConversationEvent event,
      @Nullable OperationRequest operation) {
    return Future.failedFuture("" + workspace.id() + id + event + operation);
  }

  /** The conversation as it is now and its version; null when there is none. */
  public Future<@Nullable Snapshot> find(Workspace workspace, Conversation.Id id) {
    return Future.failedFuture("" + workspace.id() + id);
  }

  /** Messages with seq in {@code [from, to]}, ascending. */
  public Future<List<Message>> messages(Workspace workspace, Conversation.Id id, int from, int to) {
    return Future.failedFuture("" + workspace.id() + id + from + to);
  }

  /** A conversation and the version it was read at. */
  public record Snapshot(Conversation conversation, long version) {}
}
