// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Escalation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.Triage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Conversations and messages in the exact form of contract §4; used wherever one is shown. */
public final class ConversationJson {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** There while the channel takes no message of ours. */
  static final String UNREACHABLE = "unreachableByChannel";

  private ConversationJson() {}

  /** A conversation as it is at {@code now} (store time), read at {@code version}. */
  public static JsonObject of(
      String workspace, Conversation conversation, long version, Instant now) {
    Triage triage = conversation.triage();
    JsonObject json = new JsonObject();
    escalation(conversation).ifPresent(escalation -> json.put("escalation", escalation));
    if (conversation.stage().isOpen() && !conversation.window().isOpen(now)) {
      json.put(UNREACHABLE, new JsonObject().put("cause", conversation.window().cause(now)));
    }
    return json.put("id", conversation.id().value())
        .put("version", version)
        .put("workspace", workspace)
        .put("channel", conversation.contact().channel())
        .put("connector", conversation.connector())
        .put(
            "customer",
            new JsonObject()
                .put("id", customer(conversation))
                .put("name", name(conversation))
                .put("tier", conversation.customerTier()))
        .put(
            "contact",
            new JsonObject()
                .put("externalId", conversation.contact().externalId())
                .put("name", conversation.contactName()))
        .put("state", conversation.stage().label())
        .put("owner", owner(conversation).orElse(null))
        .put("epoch", conversation.epoch())
        .put("queue", triage.queue())
        .put("promise", triage.promise())
        .put("priority", triage.priority())
        .put("skills", new JsonObject(new TreeMap<String, Object>(triage.skills())))
        .put("language", triage.language())
        .put("category", triage.category())
        .put("complaint", triage.complaint())
        .put("tags", new JsonArray(triage.tags()))
        .put("lastSeq", conversation.lastSeq())
        .put("preview", conversation.preview())
        .put("openedAt", time(conversation.openedAt()))
        .put("lastMessageAt", time(conversation.lastMessageAt()))
        .put("assignedAt", time(conversation.assignedAt()))
        .put("sendWindow", sendWindow(conversation, now))
        .put("clocks", clocks(conversation));
  }

  /** A conversation of which nothing is left, for whoever has to put it away: empty but its id. */
  static JsonObject erased(String workspace, Conversation.Id id) {
    String never = time(Instant.EPOCH);
    return new JsonObject()
        .put("id", id.value())
        .put("version", Integer.MAX_VALUE)
        .put("workspace", workspace)
        .put("channel", "")
        .put("connector", "")
        .put("customer", new JsonObject().put("id", "").putNull("name").putNull("tier"))
        .put("contact", new JsonObject().put("externalId", "").putNull("name"))
        .put("state", Conversation.Stage.CLOSED.label())
        .putNull("owner")
        .put("epoch", Integer.MAX_VALUE)
        .put("queue", "")
        .put("promise", "")
        .put("priority", 9)
        .put("skills", new JsonObject())
        .putNull("language")
        .putNull("category")
        .putNull("complaint")
        .put("tags", new JsonArray())
        .put("lastSeq", 0)
        .put("preview", "")
        .put("openedAt", never)
        .put("lastMessageAt", never)
        .putNull("assignedAt")
        .put("sendWindow", new JsonObject().put("open", false).putNull("until").put("remaining", 0))
        .put("clocks", new JsonObject().putNull(ClockKind.FIRST_RESPONSE.label()));
  }

  /** The customer behind a conversation; without a link every contact is a customer of its own. */
  public static String customer(Conversation conversation) {
    Customer customer = conversation.customer();
    return customer == null || customer.id() == null
        ? conversation.contact().identity()
        : customer.id();
  }

  private static @Nullable String name(Conversation conversation) {
    Customer customer = conversation.customer();
    return customer == null || customer.name() == null
        ? conversation.contactName()
        : customer.name();
  }

  /** Who may answer now, if anybody. */
  static Optional<JsonObject> owner(Conversation conversation) {
    Owner owner = conversation.owner();
    return owner == null
        ? Optional.empty()
        : Optional.of(new JsonObject().put("kind", owner.kind().label()).put("id", owner.id()));
  }

  /** What the platform still lets us send. */
  static JsonObject sendWindow(Conversation conversation, Instant now) {
    return new JsonObject()
        .put("open", conversation.window().isOpen(now))
        .put("until", time(conversation.window().until()))
        .put("remaining", conversation.window().remaining());
  }

  /** How far it has come on its promise's ladder, while a clock runs that has a level. */
  private static Optional<JsonObject> escalation(Conversation conversation) {
    Escalation escalation = conversation.escalation();
    if (escalation == null) {
      return Optional.empty();
    }
    Conversation.Armed next = conversation.armed().get(Timer.Kind.ESCALATION);
    return Optional.of(
        new JsonObject()
            .put("level", escalation.level())
            .put("nextAt", next == null ? null : time(next.due()))
            .put("acknowledgedBy", escalation.acknowledgedBy()));
  }

  /** The first response always; the others from when they first run. */
  private static JsonObject clocks(Conversation conversation) {
    JsonObject clocks = new JsonObject();
    for (ClockKind kind : ClockKind.values()) {
      ResponseClock later = conversation.laterClocks().get(kind);
      if (kind == ClockKind.FIRST_RESPONSE) {
        clocks.put(kind.label(), clock(conversation.clock()));
      } else if (later != null) {
        clocks.put(kind.label(), clock(later));
      }
    }
    return clocks;
  }

  private static @Nullable JsonObject clock(@Nullable ResponseClock clock) {
    return clock == null
        ? null
        : new JsonObject()
            .put("state", clock.state().label())
            .put("startedAt", time(clock.startedAt()))
            .put("dueAt", time(clock.dueAt()))
            .put("endedAt", time(clock.endedAt()))
            .put("overrunMs", clock.overrunMs())
            .put(
                "remainingMs",
                clock.state() == ResponseClock.State.PAUSED ? clock.course().remainingMs() : null);
  }

  /** A message of a conversation. */
  public static JsonObject message(Conversation.Id conversation, Message message) {
    return new JsonObject()
        .put("id", Message.id(conversation, message.seq()))
        .put("conversation", conversation.value())
        .put("seq", message.seq())
        .put("direction", message.direction().label())
        .put("author", author(message.author()))
        .put("content", ContentJson.of(message.content()))
        .put("externalId", message.externalId())
        .put("replyTo", message.replyTo())
        .put("sentAt", time(message.sentAt()))
        .put("receivedAt", time(message.receivedAt()))
        .put("delivery", message.delivery() == null ? null : message.delivery().label());
  }

  /** One line of a conversation's history. */
  static JsonObject audit(Effect.Audit audit) {
    return new JsonObject()
        .put("at", time(audit.at()))
        .put("what", audit.what())
        .put("by", author(audit.by()))
        .put("details", ContentJson.texts(audit.details()));
  }

  private static JsonObject author(Author author) {
    return new JsonObject()
        .put("kind", author.kind().label())
        .put("id", author.id())
        .put("name", author.name());
  }

  /** A time in UTC with milliseconds, or null. */
  public static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : MILLIS.format(at);
  }
}
