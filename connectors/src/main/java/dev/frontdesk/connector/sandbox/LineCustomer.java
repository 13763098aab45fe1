// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.connector.Signatures;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * LINE's platform, calling the webhook of a channel. Ids of users are {@code U} and 32 hexadecimal
 * digits; LINE sends no display name.
 */
public final class LineCustomer implements Customer {

  private final byte[] channelSecret;

  public LineCustomer(String channelSecret) {
    this.channelSecret = channelSecret.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("id", externalId);
    return event(contactId, message.put("type", "text").put("text", text), externalId, at);
  }

  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    ObjectNode message =
        JsonNodeFactory.instance.objectNode().put("id", externalId).put("type", "image");
    message
        .putObject("contentProvider")
        .put("type", "external")
        .put("originalContentUrl", url)
        .put("previewImageUrl", url);
    return event(contactId, message, externalId, at);
  }

  private InboundSample event(String contactId, ObjectNode message, String externalId, Instant at) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("destination", "Uab012345678901234567890123456789");
    ObjectNode event =
        body.putArray("events")
            .addObject()
            .put("type", "message")
            .put("mode", "active")
            .put("timestamp", at.toEpochMilli())
            .put("webhookEventId", "01" + externalId)
            .put("replyToken", "r" + externalId);
    event.putObject("deliveryContext").put("isRedelivery", false);
    event.putObject("source").put("type", "user").put("userId", contactId);
    event.set("message", message);
    return signed(Buffer.buffer(body.toString()));
  }

  /** Any body, signed. */
  public InboundSample signed(Buffer body) {
    byte[] signature = Signatures.hmacSha256(channelSecret, body.getBytes());
    return new InboundSample(
        "POST",
        "",
        Map.of(
            "Content-Type",
            "application/json",
            "X-Line-Signature",
            Base64.getEncoder().encodeToString(signature)),
        body);
  }
}
