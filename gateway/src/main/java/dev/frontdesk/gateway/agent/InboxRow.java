// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * A row of an agent's inbox as it stands in {@code {ws}:ai:AGENT}: {@code {"t":type,"c":ID,"s":seq,
 * "r":reason}}; {@code s} and {@code r} only when there is something to say.
 */
final class InboxRow {

  private InboxRow() {}

  /** Reads a row; empty when it is not one of ours (written by a later version, damaged). */
  static Optional<AgentInbox.Change> decode(String text) {
    try {
      JsonObject json = new JsonObject(text);
      Effect.InboxRow.Change type =
          Effect.InboxRow.Change.valueOf(json.getString("t", "").toUpperCase(Locale.ROOT));
      return Optional.of(
          new AgentInbox.Change(
              type,
              new Conversation.Id(json.getString("c", "")),
              json.getInteger("s", 0),
              json.getString("r")));
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
