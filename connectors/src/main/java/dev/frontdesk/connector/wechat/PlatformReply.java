// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.Cut;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer of WeChat's API: HTTP 200 with {@code errcode} and {@code errmsg} whatever happened.
 *
 * @param json null when the body is not a JSON object
 * @param pause what {@code Retry-After} asked for, if anything
 */
record PlatformReply(int status, @Nullable JsonNode json, @Nullable Duration pause) {

  private static final int MAX_REASON = 200;

  /** Bad or expired access token: worth one new token. */
  private static final Set<Integer> TOKEN = Set.of(40001, 40014, 42001);

  /** Minute quota, API quota. */
  private static final Set<Integer> RATE = Set.of(45009, 45011, 50002);

  /** 48 h (or 1 min) are over; their number is used up. Only the user can change that. */
  private static final Set<Integer> WINDOW = Set.of(45015, 45047);

  /** Bad openid, not a follower, refuses messages of the account, blacklisted. */
  private static final Set<Integer> RECIPIENT = Set.of(40003, 43004, 43019, 48002, 40031, 50005);

  /** App id, secret, permission, ban, IP list: the operator's. */
  private static final Set<Integer> CREDENTIALS =
      Set.of(
          40002, 40013, 40125, 40164, 40243, 41002, 41004, 48001, 48004, 48006, 50001, 61007,
          89503);

  /** Bad media, type, size, menu, or text the platform's review refuses. */
  private static final Set<Integer> CONTENT =
      Set.of(
          40004, 40005, 40006, 40007, 40008, 44003, 44004, 45001, 45002, 45003, 45004, 45008, 87014,
          47001);

  static PlatformReply of(HttpResponse<Buffer> response, Instant now) {
    return of(
        response.statusCode(),
        response.body(),
        RetryAfter.parse(response.getHeader("Retry-After"), now));
  }

  static PlatformReply of(int status, @Nullable Buffer body, @Nullable Duration pause) {
    try {
      return new PlatformReply(status, body == null ? null : StrictJson.object(body), pause);
    } catch (WebhookRejected e) {
      return new PlatformReply(status, null, pause);
    }
  }

  @Nullable String text(String name) {
    return json == null ? null : json.path(name).textValue();
  }

  long number(String name, long otherwise) {
    return json == null ? otherwise : json.path(name).asLong(otherwise);
  }

  /** The platform's code; 0 is success, and an answer without one says nothing. */
  @Nullable Integer code() {
    return json != null && json.path("errcode").isInt()
        ? Integer.valueOf(json.path("errcode").intValue())
        : null;
  }

  boolean refusesToken() {
    Integer code = code();
    return code != null && TOKEN.contains(code);
  }

  /** What this answer to a send means. */
  SendResult result() {
    Integer code = code();
    if (code == null) {
      return unreadable();
    }
    if (code == 0) {
      return new SendResult.Accepted(null);
    }
    if (code == -1) {
      return new SendResult.Retry(reason(code), null);
    }
    if (RATE.contains(code)) {
      return new SendResult.Retry(reason(code), Duration.ofMinutes(1));
    }
    return new SendResult.Rejected(cause(code), code.toString(), reason(code));
  }

  /** Not the API's words but those of something in front of it. */
  private SendResult unreadable() {
    if (status == 429 || status == 503) {
      return new SendResult.Retry("HTTP " + status, pause);
    }
    if (status >= 300 && status < 500) {
      return new SendResult.Rejected(Cause.OTHER, "http-" + status, "HTTP " + status);
    }
    return new SendResult.Unknown("HTTP " + status + " without an errcode");
  }

  private static Cause cause(int code) {
    if (WINDOW.contains(code)) {
      return Cause.WINDOW;
    }
    if (RECIPIENT.contains(code)) {
      return Cause.RECIPIENT;
    }
    if (CREDENTIALS.contains(code) || TOKEN.contains(code)) {
      return Cause.CREDENTIALS;
    }
    return CONTENT.contains(code) ? Cause.CONTENT : Cause.OTHER;
  }

  private String reason(int code) {
    String message = text("errmsg");
    String said = message == null ? "" : " " + message;
    String reason = "errcode " + code + said;
    return Cut.to(reason, MAX_REASON);
  }
}
