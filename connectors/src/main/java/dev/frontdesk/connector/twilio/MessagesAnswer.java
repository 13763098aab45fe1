// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says what Twilio's answer to a message means (https://www.twilio.com/docs/api/errors). */
final class MessagesAnswer {

  private MessagesAnswer() {}

  static SendResult classify(
      int status, @Nullable Buffer buffer, @Nullable String retryAfter, Instant now) {
    JsonNode body = read(buffer);
    int code = code(body);
    if (status >= 200 && status < 300 && code == 0) {
      String sid = body.path("sid").asText("");
      return sid.isEmpty()
          ? new SendResult.Unknown("Twilio answered " + status + " without a sid")
          : new SendResult.Accepted(sid);
    }
    if (status == 429 || isTemporary(code)) {
      return new SendResult.Retry(reason(status, code), RetryAfter.parse(retryAfter, now));
    }
    if (code != 0 || (status >= 300 && status < 500)) {
      return new SendResult.Rejected(
          cause(status, code), Integer.toString(code == 0 ? status : code), reason(status, code));
    }
    return status == 500 || status == 502 || status == 503
        ? new SendResult.Retry(reason(status, code), RetryAfter.parse(retryAfter, now))
        : new SendResult.Unknown("Twilio answered " + status + ", which says nothing");
  }

  /** Why a status callback says that a message failed. */
  static String failure(int code) {
    return code == 0 ? "Twilio gave no error code" : "Twilio error " + code;
  }

  /** 20429 and 14107 rates, 20500 and 20503 outages, 21611 and 30001 queue full, 30022, 63018. */
  private static boolean isTemporary(int code) {
    return switch (code) {
      case 20429, 14107, 20500, 20503, 21611, 30001, 30022, 63018 -> true;
      default -> false;
    };
  }

  private static Cause cause(int status, int code) {
    return switch (code) {
      case 21211, 21214, 21217, 21265, 21421, 21604, 21610, 21612, 21614, 21635 -> Cause.RECIPIENT;
      case 30003, 30004, 30005, 30006, 63003, 63024 -> Cause.RECIPIENT;
      case 21602, 21617, 21619, 21620, 21623, 30007, 30019, 63005 -> Cause.CONTENT;
      case 63016 -> Cause.WINDOW;
      case 20003, 20404, 21212, 21408, 21603, 21606, 21607, 21618, 21659, 21660 ->
          Cause.CREDENTIALS;
      default -> status == 401 || status == 403 || status == 404 ? Cause.CREDENTIALS : Cause.OTHER;
    };
  }

  /** {@code code} in a refusal, {@code error_code} in a message that already failed. */
  private static int code(JsonNode body) {
    int code = body.path("code").asInt(0);
    return code == 0 ? body.path("error_code").asInt(0) : code;
  }

  private static String reason(int status, int code) {
    return code == 0 ? "Twilio answered " + status : "Twilio error " + code;
  }

  private static JsonNode read(@Nullable Buffer buffer) {
    try {
      return buffer == null ? MissingNode.getInstance() : StrictJson.parse(buffer);
    } catch (WebhookRejected e) {
      return MissingNode.getInstance();
    }
  }
}
