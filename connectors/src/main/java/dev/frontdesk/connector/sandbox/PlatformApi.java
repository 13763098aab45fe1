// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The send API of one platform: checks token, signature, body and quota as strictly as the platform
 * and answers in its words. Called by {@link FakePlatform} on one event loop, one call at a time.
 */
public interface PlatformApi {

  /** First segment of its path at the {@link FakePlatform}: {@code telegram}. */
  String name();

  /** Answers one call. */
  Reply answer(Call call);

  /**
   * Whether this call sends something. Others (fetching a token) are answered whatever is injected
   * and are not counted.
   */
  default boolean isSend(Call call) {
    return true;
  }

  /** How the platform says "too many, come back after". */
  default Reply throttled(Duration after) {
    return Reply.json(429, "{}").withHeader("Retry-After", Long.toString(after.toSeconds()));
  }

  /** How the platform says that it is broken. */
  default Reply broken(int status) {
    return Reply.json(status, "{}");
  }

  /**
   * A call of ours.
   *
   * @param path what follows {@code /name}, without the query
   * @param query the raw query, or empty
   * @param at when it arrived
   */
  record Call(
      String method, String path, String query, MultiMap headers, Buffer body, Instant at) {}

  /**
   * What the platform answers.
   *
   * @param taken the message it now has to deliver, or null if it took none
   */
  record Reply(
      int status,
      String contentType,
      Map<String, String> headers,
      String body,
      @Nullable Sent taken) {

    public Reply {
      headers = Map.copyOf(headers);
    }

    public static Reply json(int status, String body) {
      return new Reply(status, "application/json", Map.of(), body, null);
    }

    public Reply withHeader(String name, String value) {
      return new Reply(status, contentType, Map.of(name, value), body, taken);
    }

    public Reply taking(Sent sent) {
      return new Reply(status, contentType, headers, body, sent);
    }
  }

  /**
   * A message a platform took.
   *
   * @param contact to whom
   * @param text the text as it will be shown
   * @param messageId our id of the message, where the platform is told it, else null
   * @param externalId the id the platform gave it, or null if it names none
   */
  record Sent(
      String contact,
      String text,
      @Nullable String messageId,
      @Nullable String externalId,
      Instant at) {}
}
