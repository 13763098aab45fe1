// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.WebhookRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where Twilio reaches a channel: what it signs, and what it is told to call back.
 *
 * @param configured the address the gateway is configured with
 * @param webhook the address Twilio calls: the same, or that below the channel's own publicUrl
 */
record PublicAddress(String configured, String webhook) {

  static PublicAddress of(ChannelContext context, @Nullable String publicUrl) {
    String path = "/webhooks/" + context.workspace() + "/" + context.channel();
    return new PublicAddress(
        context.webhookUrl(),
        publicUrl == null ? context.webhookUrl() : HttpUrl.below(publicUrl, path));
  }

  /** The address of a request as Twilio called it. */
  String of(WebhookRequest request) {
    return request.url().startsWith(configured)
        ? webhook + request.url().substring(configured.length())
        : request.url();
  }
}
