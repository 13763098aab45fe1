// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.config.FrontdeskConfig.EventEndpoint;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import java.time.Instant;
import java.util.Map;

/**
 * Who is told of an announced event, by rows of the commit that announced it: live views, as long
 * as somebody listens (the stream exists only then), and each endpoint that asked for its name.
 */
final class EventRows {
  private EventRows() {}

  static void write(Workspace workspace, EventRow row, Instant now, Commit.Builder commit) {
    RedisKeys keys = workspace.keys();
    boolean live = !row.type().equals(EventRow.MESSAGE_RECEIVED);
    Map<String, EventEndpoint> endpoints = workspace.config().events();
    if (!live && endpoints.isEmpty()) {
      return;
    }
    String text = row.encode();
    if (live) {
      commit.write(new Write.AppendExisting(keys.events(), text, RedisKeys.EVENTS_LENGTH));
    }
    endpoints.forEach(
        (name, endpoint) -> {
          if (endpoint.events().contains(row.type())
              || name.equals(row.details().get(Effect.Announced.ENDPOINT))) {
            String member = name + " " + row.conversation();
            long at = now.toEpochMilli();
            commit
                .write(
                    new Write.SortedAdd(
                        keys.eventRows(name, row.conversation()), text, row.order()))
                .write(new Write.SortedAdd(keys.eventsDue(), member, at))
                .write(new Write.HashAdd(keys.gauges(), "events|" + name, 1))
                .wake("e:" + at);
          }
        });
  }
}
