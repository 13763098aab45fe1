// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.line;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The parts of LINE's answer that matter.
 *
 * @param sentId id of the message that was sent
 * @param message LINE's words for an error, never passed on
 * @param property the part of the request that LINE objects to
 */
record PushAnswer(@Nullable String sentId, String message, String property) {

  private static PushAnswer of(@Nullable Buffer body) {
    try {
      JsonNode answer = StrictJson.object(body == null ? Buffer.buffer() : body);
      String id = answer.path("sentMessages").path(0).path("id").asText("");
      return new PushAnswer(
          id.isBlank() || id.length() > 512 ? null : id,
          answer.path("message").asText(""),
          answer.path("details").path(0).path("property").asText(""));
    } catch (WebhookRejected e) {
      return new PushAnswer(null, "", "");
    }
  }

  private boolean says(String words) {
    return message.contains(words);
  }

  private boolean isAboutTheRecipient() {
    return says("Failed to send messages") || says("'to'") || property.equals("to");
  }

  /** What became of the push. */
  static SendResult classify(HttpResponse<Buffer> response, Instant now) {
    int status = response.statusCode();
    PushAnswer answer = of(response.body());
    if (status == 200) {
      // sent again when it cannot be read: the retry key makes that harmless
      return answer.sentId() == null
          ? new SendResult.Unknown("LINE answered 200 without an id")
          : new SendResult.Accepted(answer.sentId());
    }
    if (status == 409) { // an earlier attempt was taken
      return new SendResult.Accepted(answer.sentId());
    }
    if ((status == 429 && !answer.says("monthly limit")) || status >= 500) {
      return new SendResult.Retry(
          "LINE answered " + status, RetryAfter.parse(response.getHeader("retry-after"), now));
    }
    String code = Integer.toString(status);
    return switch (status) {
      case 400 ->
          answer.isAboutTheRecipient()
              ? new SendResult.Rejected(Cause.RECIPIENT, code, "LINE does not reach this id")
              : new SendResult.Rejected(Cause.CONTENT, code, "LINE refuses the message");
      case 401, 403 ->
          new SendResult.Rejected(Cause.CREDENTIALS, code, "the channel access token is refused");
      case 413 -> new SendResult.Rejected(Cause.CONTENT, code, "LINE finds the message too large");
      case 429 ->
          new SendResult.Rejected(
              Cause.OTHER, "monthly-limit", "the month's messages of the LINE plan are used up");
      default -> new SendResult.Rejected(Cause.OTHER, code, "refused");
    };
  }
}
