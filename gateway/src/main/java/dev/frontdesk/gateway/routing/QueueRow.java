// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.routing.Waiting;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The details of a queue entry as they stand in {@code {ws}:qr}: {@code
 * {"d":{"agent":untilMs},"p":"agent","pt":true,"l":"zh","c":cost,"a":arrivalMs,"e":enteredMs,
 * "due":dueMs,"pr":priority}}; {@code d}, {@code p}, {@code pt} (triage named it), {@code l} and
 * {@code e} (its queue, after the arrival) only when there is something to say.
 */
public final class QueueRow {

  private QueueRow() {}

  /** Reads a row; empty when it is not one of ours (written by a later version, damaged). */
  public static Optional<Waiting> decode(String id, Bucket bucket, boolean late, String text) {
    try {
      JsonObject row = new JsonObject(text);
      Map<Agent.Id, Instant> declined = new HashMap<>();
      JsonObject pauses = row.getJsonObject("d", new JsonObject());
      pauses.forEach(e -> declined.put(new Agent.Id(e.getKey()), millis(pauses, e.getKey())));
      String preferred = row.getString("p");
      return Optional.of(
          new Waiting(
              new Conversation.Id(id),
              bucket,
              late,
              millis(row, "due"),
              row.getInteger("pr", 5),
              millis(row, "a"),
              millis(row, row.containsKey("e") ? "e" : "a"),
              preferred == null ? null : new Agent.Id(preferred),
              row.getBoolean("pt", false),
              row.getString("l"),
              row.getInteger("c", 1),
              Map.copyOf(declined)));
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static Instant millis(JsonObject row, String field) {
    return Instant.ofEpochMilli(row.getLong(field, 0L));
  }
}
