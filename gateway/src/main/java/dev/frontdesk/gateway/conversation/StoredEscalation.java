// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Escalation;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An escalation as it is stored: {@code m} the ladder's mark, then per clock, by its label, {@code
 * [spell, done, told, "acknowledged by"]}, shorter where the rest is nothing.
 */
final class StoredEscalation {
  private static final String MARK = "m";

  private StoredEscalation() {}

  static void write(JsonGenerator json, String name, Escalation escalation) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField(MARK, escalation.ladder());
    for (ClockKind kind : ClockKind.values()) {
      Escalation.Rungs rungs = escalation.rungs().get(kind);
      if (rungs != null) {
        json.writeArrayFieldStart(kind.label());
        json.writeNumber(rungs.spell());
        if (rungs.done() != 0 || rungs.acknowledgedBy() != null) {
          json.writeNumber(rungs.done());
          json.writeNumber(rungs.told());
        }
        if (rungs.acknowledgedBy() != null) {
          json.writeString(rungs.acknowledgedBy());
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  static Escalation read(JsonParser json) throws IOException {
    int mark = 0;
    Map<ClockKind, Escalation.Rungs> rungs = new EnumMap<>(ClockKind.class);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(MARK)) {
        mark = json.getIntValue();
      } else {
        rungs.put(kind(name), rungs(Fields.strings(json)));
      }
    }
    return new Escalation(mark, rungs);
  }

  private static Escalation.Rungs rungs(List<String> parts) {
    return new Escalation.Rungs(
        Integer.parseInt(parts.get(0)),
        parts.size() > 1 ? Integer.parseInt(parts.get(1)) : 0,
        parts.size() > 2 ? Integer.parseInt(parts.get(2)) : 0,
        parts.size() > 3 ? parts.get(3) : null);
  }

  private static ClockKind kind(String label) throws IOException {
    for (ClockKind kind : ClockKind.values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    throw Fields.unknown("clock", label);
  }
}
