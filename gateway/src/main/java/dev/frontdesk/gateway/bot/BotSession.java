// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.socket.CloseCode;
import dev.frontdesk.gateway.socket.Line;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One connected socket of a bot: what it was told and has not acknowledged. Not thread-safe:
 * belongs to its room's context.
 */
final class BotSession {

  private final String id;
  private final Line line;
  private final int mostUnacknowledged;
  private final BooleanSupplier allowed;
  private final Set<BotCursor> told = new HashSet<>();
  private final Set<BotCursor> settled = new HashSet<>();

  /**
   * A session over an open line.
   *
   * @param allowed whether the token it came with is still that bot's
   */
  BotSession(String id, Line line, int mostUnacknowledged, BooleanSupplier allowed) {
    this.id = id;
    this.line = line;
    this.mostUnacknowledged = mostUnacknowledged;
    this.allowed = allowed;
  }

  String id() {
    return id;
  }

  boolean isAllowed() {
    return allowed.getAsBoolean();
  }

  /** Whether one more frame may be written now. */
  boolean hasRoom() {
    return line.isOpen() && !line.isBusy() && told.size() < mostUnacknowledged;
  }

  int unacknowledged() {
    return told.size();
  }

  boolean holds(BotCursor cursor) {
    return told.contains(cursor) || settled.contains(cursor);
  }

  /** Writes the frame of a message; it counts until it is acknowledged. */
  void tell(BotCursor cursor, JsonObject frame) {
    if (line.send(frame)) {
      told.add(cursor);
    }
  }

  /** The bot has dealt with that frame; a read that is under way may still show it. */
  void acknowledged(BotCursor cursor) {
    if (told.remove(cursor)) {
      settled.add(cursor);
    }
  }

  /** Frames are read anew: what was acknowledged until now is not among them. */
  void reads() {
    settled.clear();
  }

  /** The conversation is no longer the bot's: nothing of it is awaited. */
  void release(Conversation.Id conversation) {
    told.removeIf(cursor -> cursor.conversation().equals(conversation));
    line.send(new JsonObject().put("type", "released").put("conversation", conversation.value()));
  }

  void send(JsonObject frame) {
    line.send(frame);
  }

  void close(CloseCode code) {
    line.close(code).onFailure(lost -> {});
  }
}
