// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Surfaced;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Surfaces edits and withdrawals whose message did not come: told in their contact's conversation,
 * counted, and logged by their ids.
 */
public final class OrphanTimers {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanTimers.class);

  private final ConversationService conversations;
  private final GatewayMetrics metrics;

  public OrphanTimers(ConversationService conversations, GatewayMetrics metrics) {
    this.conversations = conversations;
    this.metrics = metrics;
  }

  /** Ends when they are told, or there is nothing to tell. */
  public Future<Void> fired(Workspace workspace, Timer timer) {
    return conversations
        .surface(workspace, timer)
        .map(
            surfaced -> {
              surfaced.events().forEach(event -> tell(workspace, timer, surfaced, event));
              return null;
            });
  }

  private void tell(Workspace workspace, Timer timer, Surfaced surfaced, InboundEvent event) {
    String channel = timer.subject().substring(0, timer.subject().lastIndexOf('.'));
    String type = event instanceof InboundEvent.Edited ? "edit" : "delete";
    metrics.orphan(workspace.id(), channel, type);
    LOG.atWarn()
        .addKeyValue(LogKeys.WORKSPACE, workspace.id())
        .addKeyValue(LogKeys.CHANNEL, channel)
        .addKeyValue(LogKeys.EVENT, event.key())
        .addKeyValue(
            LogKeys.CONVERSATION,
            surfaced.conversation() == null ? "none" : surfaced.conversation().value())
        .addKeyValue(LogKeys.REASON, type)
        .log("A message was changed that never came");
  }
}
