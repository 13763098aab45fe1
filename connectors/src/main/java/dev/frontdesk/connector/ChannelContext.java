// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;

/**
 * What a connector may use of the gateway.
 *
 * @param workspace id of the workspace
 * @param channel id of the channel
 * @param webhookUrl public address of this channel's webhooks, without a slash at the end
 * @param vertx for timers, workers and sockets of the connector's own
 * @param client an HTTP client of this channel alone: bounded pool and wait queue, no redirects,
 *     connect and total time-outs set
 * @param sendTimeout how long a send may take before its outcome is unknown; calls of {@code
 *     client} keep to it, and so must whatever else a connector sends by
 */
public record ChannelContext(
    String workspace,
    String channel,
    String webhookUrl,
    Vertx vertx,
    WebClient client,
    Duration sendTimeout) {}
