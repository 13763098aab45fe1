// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Timer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A timer that was given up.
 *
 * @param member what stood in the sorted set; not always a {@link Timer}
 * @param reason the last error, for people; at most {@link #MAX_REASON} characters
 */
public record TimerLetter(String member, String reason, Instant at) {

  static final int MAX_REASON = 500;
  private static final String MARK = "timer~";

  public TimerLetter {
    reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
  }

  /** {@code timer~} and a digest of the member, which may be long and of any characters. */
  public String id() {
    return MARK + ContactKey.digestOf(member);
  }

  /** Whether an id of a dead letter is one of these. */
  public static boolean isOne(String id) {
    return id.startsWith(MARK);
  }

  /** The conversation it is a timer of, if it is one of a conversation. */
  public Optional<Conversation.Id> conversation() {
    try {
      Timer timer = Timer.parse(member);
      return timer.kind().subject() == Timer.Subject.CONVERSATION
          ? Optional.of(new Conversation.Id(timer.subject()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String encode() {
    return new JsonObject().put("m", member).put("r", reason).put("t", at.toEpochMilli()).encode();
  }

  static TimerLetter decode(String text) {
    try {
      JsonObject json = new JsonObject(text);
      return new TimerLetter(
          json.getString("m"), json.getString("r"), Instant.ofEpochMilli(json.getLong("t")));
    } catch (DecodeException e) {
      throw new IllegalStateException("a stored timer letter cannot be read", e);
    }
  }
}
