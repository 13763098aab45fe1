// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;

/** Telegram's servers, calling the webhook of a bot. Ids of contacts and messages are numbers. */
public final class TelegramCustomer implements Customer {

  private final String secretToken;

  public TelegramCustomer(String secretToken) {
    this.secretToken = secretToken;
  }

  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    ObjectNode update = JsonNodeFactory.instance.objectNode();
    message(update, contactId, name, externalId, at).put("text", text);
    return signed(Buffer.buffer(update.toString()));
  }

  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    ObjectNode update = JsonNodeFactory.instance.objectNode();
    ArrayNode sizes = message(update, contactId, name, externalId, at).putArray("photo");
    size(sizes, "s" + externalId, 90, 67);
    size(sizes, "l" + externalId, 1_280, 960);
    return signed(Buffer.buffer(update.toString()));
  }

  private static void size(ArrayNode sizes, String id, int width, int height) {
    sizes
        .addObject()
        .put("file_id", id)
        .put("file_unique_id", "u" + id)
        .put("width", width)
        .put("height", height)
        .put("file_size", width * height / 8);
  }

  /** The update's message, without its content. */
  private static ObjectNode message(
      ObjectNode update, String contactId, String name, String externalId, Instant at) {
    long user = Long.parseLong(contactId);
    long number = Long.parseLong(externalId);
    ObjectNode message =
        update.put("update_id", number).putObject("message").put("message_id", number);
    message
        .putObject("from")
        .put("id", user)
        .put("is_bot", false)
        .put("first_name", name)
        .put("language_code", "en");
    message.putObject("chat").put("id", user).put("first_name", name).put("type", "private");
    return message.put("date", at.getEpochSecond());
  }

  /** Any update with the secret token. */
  public InboundSample signed(Buffer body) {
    return new InboundSample(
        "POST",
        "",
        Map.of("Content-Type", "application/json", "X-Telegram-Bot-Api-Secret-Token", secretToken),
        body);
  }
}
