// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Triage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Triage as it is stored: q queue · p promise · r priority (absent: 5) · k skills · l language · c
 * category · m complaint · g tags · s steps · a preferred agent.
 */
final class StoredTriage {
  private static final int USUAL_PRIORITY = 5;

  private StoredTriage() {}

  static void write(JsonGenerator json, String name, Triage triage) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("q", triage.queue());
    json.writeStringField("p", triage.promise());
    Fields.number(json, "r", triage.priority(), USUAL_PRIORITY);
    if (!triage.skills().isEmpty()) {
      json.writeObjectFieldStart("k");
      for (Map.Entry<String, Integer> skill : new TreeMap<>(triage.skills()).entrySet()) {
        json.writeNumberField(skill.getKey(), skill.getValue());
      }
      json.writeEndObject();
    }
    Fields.text(json, "l", triage.language());
    Fields.text(json, "c", triage.category());
    Fields.text(json, "m", triage.complaint());
    if (!triage.tags().isEmpty()) {
      json.writeArrayFieldStart("g");
      for (String tag : triage.tags()) {
        json.writeString(tag);
      }
      json.writeEndArray();
    }
    if (!triage.aim().steps().isEmpty()) {
      json.writeStringField("s", triage.aim().steps().id());
    }
    if (triage.aim().agent() != null) {
      json.writeStringField("a", triage.aim().agent().value());
    }
    json.writeEndObject();
  }

  static Triage read(JsonParser json) throws IOException {
    String queue = "";
    String promise = "";
    int priority = USUAL_PRIORITY;
    Map<String, Integer> skills = new HashMap<>();
    String language = null;
    String category = null;
    String complaint = null;
    List<String> tags = List.of();
    Triage.Aim aim = Triage.Aim.NOBODY;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "q" -> queue = json.getText();
        case "p" -> promise = json.getText();
        case "r" -> priority = json.getIntValue();
        case "k" -> Fields.texts(json).forEach((s, l) -> skills.put(s, Integer.valueOf(l)));
        case "l" -> language = json.getText();
        case "c" -> category = json.getText();
        case "m" -> complaint = json.getText();
        case "g" -> tags = Fields.strings(json);
        case "s" -> aim = new Triage.Aim(Steps.parse(json.getText()), aim.agent());
        case "a" -> aim = new Triage.Aim(aim.steps(), new Agent.Id(json.getText()));
        default -> json.skipChildren();
      }
    }
    return new Triage(queue, promise, priority, skills, language, category, complaint, tags, aim);
  }
}
