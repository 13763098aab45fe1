// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.Workspace;
import io.vertx.core.Future;

/** Where webhooks go: the intake. */
@FunctionalInterface
public interface WebhookSink {

  /**
   * Verifies, decodes and stores one webhook. The future succeeds only when every event is durable;
   * it fails with {@code GatewayException} or {@code WebhookRejected}.
   */
  Future<WebhookAnswer> accept(Workspace workspace, String channel, WebhookRequest request);
}
