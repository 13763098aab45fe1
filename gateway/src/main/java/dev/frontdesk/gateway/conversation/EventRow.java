// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Owner;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that was announced about a conversation, with what a listener wants to know first; no
 * text of any message, no name and no address of the customer. Stored as a JSON array.
 *
 * @param version of the conversation, which the commit of this row gave it
 * @param number its place among the rows of that commit, from 0
 * @param dueAt when the first response is due, null without a clock that runs
 */
public record EventRow(
    String type,
    Instant at,
    Conversation.Id conversation,
    long version,
    int number,
    String channel,
    String state,
    String queue,
    String promise,
    int priority,
    @Nullable Owner owner,
    @Nullable Instant dueAt,
    Map<String, String> details) {

  /** The one event that is told to endpoints only: a live view has no use for every message. */
  public static final String MESSAGE_RECEIVED = "message.received";

  private static final JsonFactory JSON = new JsonFactory();

  public EventRow {
    details = Map.copyOf(details);
  }

  /** The row of an effect of the commit that makes {@code next} version {@code version}. */
  static EventRow of(Conversation next, long version, int number, Effect.Announced what) {
    return new EventRow(
        what.name(),
        next.lastEventAt(),
        next.id(),
        version,
        number,
        next.contact().channel(),
        next.stage().label(),
        next.triage().queue(),
        next.triage().promise(),
        next.triage().priority(),
        next.owner(),
        next.clock() == null || next.clock().endedAt() != null ? null : next.clock().dueAt(),
        what.details());
  }

  /** Names this event for ever: the same each time it is sent. */
  public String id() {
    return conversation + "." + version + "." + number;
  }

  /** Rises with each event of its conversation; exact for 9 × 10^12 versions. */
  public double order() {
    return version * 1_000.0 + number;
  }

  /** Compact JSON, the same for the same event; {@link #decode} reads it. */
  public String encode() {
    StringWriter out = new StringWriter(160);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      json.writeString(type);
      json.writeNumber(at.toEpochMilli());
      json.writeString(conversation.value());
      json.writeNumber(version);
      json.writeNumber(number);
      json.writeString(channel);
      json.writeString(state);
      json.writeString(queue);
      json.writeString(promise);
      json.writeNumber(priority);
      json.writeString(owner == null ? "" : owner.kind().label().charAt(0) + owner.id());
      json.writeNumber(dueAt == null ? 0 : dueAt.toEpochMilli());
      for (Map.Entry<String, String> detail : new TreeMap<>(details).entrySet()) {
        json.writeString(detail.getKey());
        json.writeString(detail.getValue());
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return out.toString();
  }

  /** Throws UncheckedIOException on what {@link #encode} did not write. */
  public static EventRow decode(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("an event row begins with '" + json.currentToken() + "'");
      }
      return new EventRow(
          text(json),
          Instant.ofEpochMilli(number(json)),
          new Conversation.Id(text(json)),
          number(json),
          (int) number(json),
          text(json),
          text(json),
          text(json),
          text(json),
          (int) number(json),
          owner(text(json)),
          due(number(json)),
          details(json));
    } catch (IOException e) {
      throw new UncheckedIOException("a stored event cannot be read", e);
    }
  }

  private static String text(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.VALUE_STRING) {
      throw new IOException("expected a text, found " + json.currentToken());
    }
    return json.getText();
  }

  private static long number(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new IOException("expected a number, found " + json.currentToken());
    }
    return json.getLongValue();
  }

  private static @Nullable Owner owner(String code) throws IOException {
    if (code.isEmpty()) {
      return null;
    }
    for (Owner.Kind kind : Owner.Kind.values()) {
      if (kind.label().charAt(0) == code.charAt(0)) {
        return new Owner(kind, code.substring(1));
      }
    }
    throw new IOException("an owner of kind '" + code.charAt(0) + "'");
  }

  private static @Nullable Instant due(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }

  private static Map<String, String> details(JsonParser json) throws IOException {
    Map<String, String> details = new java.util.HashMap<>();
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      String name = json.getText();
      details.put(name, text(json));
    }
    return details;
  }
}
