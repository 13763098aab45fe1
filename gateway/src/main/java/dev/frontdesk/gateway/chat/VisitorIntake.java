// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import io.vertx.core.Future;
import java.util.List;

/** Stores what visitors do; durable when the future completes. One result per event. */
@FunctionalInterface
public interface VisitorIntake {

  /** Fails with {@code GatewayException} when it cannot be stored now. */
  Future<List<Received>> receive(Workspace workspace, String channel, List<InboundEvent> events);
}
