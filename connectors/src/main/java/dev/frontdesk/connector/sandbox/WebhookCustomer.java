// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;

/** A system that posts to a {@code webhook} channel. */
public final class WebhookCustomer implements Customer {

  private final StandardWebhooks signatures;

  public WebhookCustomer(Secret secret) {
    this.signatures = new StandardWebhooks(secret);
  }

  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    ObjectNode event = event(contactId, name, externalId, at);
    event.putObject("content").put("kind", "text").put("text", text);
    return signed("msg_" + externalId, Buffer.buffer(event.toString()), at);
  }

  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    ObjectNode event = event(contactId, name, externalId, at);
    event.putObject("content").put("kind", "image").put("url", url).put("mimeType", "image/jpeg");
    return signed("msg_" + externalId, Buffer.buffer(event.toString()), at);
  }

  private static ObjectNode event(String contactId, String name, String externalId, Instant at) {
    ObjectNode event =
        JsonNodeFactory.instance.objectNode().put("id", externalId).put("type", "message");
    event.putObject("contact").put("id", contactId).put("name", name);
    return event.put("sentAt", at.toString());
  }

  /** Any body, signed; {@code id} goes to {@code webhook-id}. */
  public InboundSample signed(String id, Buffer body, Instant at) {
    return new InboundSample(
        "POST",
        "",
        Map.of(
            "Content-Type",
            "application/json",
            StandardWebhooks.ID,
            id,
            StandardWebhooks.TIMESTAMP,
            StandardWebhooks.timestamp(at),
            StandardWebhooks.SIGNATURE,
            signatures.sign(id, at, body)),
        body);
  }
}
