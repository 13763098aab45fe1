// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.frontdesk.connector.Cut;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the Bot API answered (https://core.telegram.org/bots/api#responseparameters).
 *
 * @param body the object it sent, or a missing node if that cannot be read
 */
record BotAnswer(int status, JsonNode body) {

  private static final int MAX_REASON = 200;

  static BotAnswer of(int status, @Nullable Buffer body) {
    try {
      JsonNode node = body == null ? MissingNode.getInstance() : StrictJson.parse(body);
      return new BotAnswer(status, node);
    } catch (WebhookRejected e) {
      return new BotAnswer(status, MissingNode.getInstance());
    }
  }

  /** The id a group has now, if that is why the call was refused. */
  Optional<Long> migratedTo() {
    JsonNode chat = body.path("parameters").path("migrate_to_chat_id");
    return code() == 400 && chat.canConvertToLong()
        ? Optional.of(chat.longValue())
        : Optional.empty();
  }

  SendResult result() {
    if (body.path("ok").asBoolean(false)) {
      return accepted();
    }
    int code = code();
    return switch (code) {
      case 429 -> new SendResult.Retry(reason(), pause());
      case 500, 502, 503 -> new SendResult.Retry(reason(), null);
      case 401, 404 -> rejected(Cause.CREDENTIALS);
      case 403 -> rejected(Cause.RECIPIENT);
      case 400 -> rejected(isAboutTheChat() ? Cause.RECIPIENT : Cause.CONTENT);
      case 413 -> rejected(Cause.CONTENT);
      default ->
          code >= 300 && code < 500
              ? rejected(Cause.OTHER)
              : new SendResult.Unknown("Telegram answered " + code + ", which says nothing");
    };
  }

  private SendResult accepted() {
    JsonNode message = body.path("result");
    JsonNode chat = message.path("chat").path("id");
    JsonNode number = message.path("message_id");
    boolean named = chat.isIntegralNumber() && number.isIntegralNumber();
    return new SendResult.Accepted(named ? chat.asText() + ":" + number.asText() : null);
  }

  private int code() {
    return body.path("error_code").asInt(status);
  }

  private boolean isAboutTheChat() {
    String words = body.path("description").asText("").toLowerCase(Locale.ROOT);
    return words.contains("chat not found")
        || words.contains("user not found")
        || words.contains("chat_write_forbidden")
        || words.contains("peer_id_invalid")
        || words.contains("not enough rights")
        || words.contains("group chat was")
        || words.contains("user is deactivated");
  }

  private @Nullable Duration pause() {
    long seconds = body.path("parameters").path("retry_after").asLong(0);
    if (seconds <= 0) {
      return null;
    }
    Duration pause = Duration.ofSeconds(Math.min(seconds, RetryAfter.LONGEST.toSeconds()));
    return pause;
  }

  private SendResult rejected(Cause cause) {
    return new SendResult.Rejected(cause, Integer.toString(code()), reason());
  }

  private String reason() {
    String words = body.path("description").asText("Telegram answered " + status);
    return Cut.to(words, MAX_REASON);
  }
}
