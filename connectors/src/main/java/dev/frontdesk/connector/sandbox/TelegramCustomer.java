// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

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
    long user = Long.parseLong(contactId);
    long number = Long.parseLong(externalId);
    ObjectNode update = JsonNodeFactory.instance.objectNode().put("update_id", number);
    ObjectNode message = update.putObject("message").put("message_id", number);
    message
        .putObject("from")
        .put("id", user)
        .put("is_bot", false)
        .put("first_name", name)
        .put("language_code", "en");
    message.putObject("chat").put("id", user).put("first_name", name).put("type", "private");
    message.put("date", at.getEpochSecond()).put("text", text);
    return signed(Buffer.buffer(update.toString()));
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
