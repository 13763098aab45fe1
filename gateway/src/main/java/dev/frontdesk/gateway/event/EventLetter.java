// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.conversation.EventRow;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An event that was given up.
 *
 * @param reason for people
 */
public record EventLetter(String endpoint, EventRow row, String reason, Instant at) {

  private static final String MARK = "event~";

  /** {@code event~ENDPOINT~CONVERSATION.VERSION.NUMBER}. */
  public String id() {
    return MARK + endpoint + "~" + row.id();
  }

  /** Whether an id of a dead letter is one of these. */
  public static boolean isOne(String id) {
    return id.startsWith(MARK);
  }

  String encode() {
    return new JsonObject()
        .put("e", endpoint)
        .put("r", reason)
        .put("t", at.toEpochMilli())
        .put("v", row.encode())
        .encode();
  }

  static EventLetter decode(String text) {
    try {
      JsonObject json = new JsonObject(text);
      return new EventLetter(
          json.getString("e"),
          EventRow.decode(json.getString("v")),
          json.getString("r"),
          Instant.ofEpochMilli(json.getLong("t")));
    } catch (DecodeException e) {
      throw new IllegalStateException("a stored event letter cannot be read", e);
    }
  }
}
