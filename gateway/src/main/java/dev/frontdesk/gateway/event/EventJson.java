// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.conversation.EventRow;
import dev.frontdesk.gateway.domain.Owner;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The public form of an event, the same for live views and endpoints (contract §8). */
public final class EventJson {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventJson() {}

  /** {@code {"id","type","timestamp","data"}}. */
  public static JsonObject of(String workspace, EventRow row) {
    Owner owner = row.owner();
    JsonObject details = new JsonObject();
    new TreeMap<>(row.details()).forEach(details::put);
    return new JsonObject()
        .put("id", row.id())
        .put("type", row.type())
        .put("timestamp", time(row.at()))
        .put(
            "data",
            new JsonObject()
                .put("workspace", workspace)
                .put("conversation", row.conversation().value())
                .put("version", row.version())
                .put("channel", row.channel())
                .put("state", row.state())
                .put("queue", row.queue())
                .put("promise", row.promise())
                .put("priority", row.priority())
                .put(
                    "owner",
                    owner == null
                        ? null
                        : new JsonObject().put("kind", owner.kind().label()).put("id", owner.id()))
                .put("dueAt", time(row.dueAt()))
                .put("details", details));
  }

  private static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : MILLIS.format(at);
  }
}
