// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Hands;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Hands} as they stand in a conversation, only when there are any: {@code o} further offers
 * {@code [id, agent, end (ms after opening), cost]}, {@code b} agents it was taken back from,
 * {@code f} flags (s spoken, l lingered).
 */
final class StoredHands {

  private StoredHands() {}

  static void write(JsonGenerator json, String name, Hands hands, long opened) throws IOException {
    if (hands.equals(Hands.NONE)) {
      return;
    }
    json.writeObjectFieldStart(name);
    if (!hands.rivals().isEmpty()) {
      json.writeArrayFieldStart("o");
      for (Hands.Rival rival : hands.rivals()) {
        json.writeStartArray();
        json.writeString(rival.offer().id());
        json.writeString(rival.offer().agent().value());
        json.writeNumber(rival.offer().expiresAt().toEpochMilli() - opened);
        json.writeNumber(rival.cost());
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    if (!hands.returned().isEmpty()) {
      json.writeArrayFieldStart("b");
      for (Agent.Id agent : hands.returned()) {
        json.writeString(agent.value());
      }
      json.writeEndArray();
    }
    String flags = (hands.spoken() ? "s" : "") + (hands.lingered() ? "l" : "");
    Fields.text(json, "f", flags.isEmpty() ? null : flags);
    json.writeEndObject();
  }

  static Hands read(JsonParser json, long opened) throws IOException {
    List<Hands.Rival> rivals = new ArrayList<>();
    List<Agent.Id> returned = new ArrayList<>();
    String flags = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "o" -> {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            rivals.add(rival(Fields.strings(json), opened));
          }
        }
        case "b" -> Fields.strings(json).forEach(agent -> returned.add(new Agent.Id(agent)));
        case "f" -> flags = json.getText();
        default -> json.skipChildren();
      }
    }
    return new Hands(rivals, returned, flags.indexOf('s') >= 0, flags.indexOf('l') >= 0);
  }

  private static Hands.Rival rival(List<String> parts, long opened) {
    return new Hands.Rival(
        new Conversation.Offer(
            parts.get(0),
            new Agent.Id(parts.get(1)),
            Instant.ofEpochMilli(opened + Long.parseLong(parts.get(2)))),
        Integer.parseInt(parts.get(3)));
  }
}
