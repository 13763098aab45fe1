// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that was acknowledged to somebody, and at the end where it is. */
final class Ledger {

  private final Map<String, InboundEvent.Received> accepted = new LinkedHashMap<>();
  private final Map<String, InboundEvent.Edited> newestEdit = new HashMap<>();
  private final Set<String> withdrawn = new HashSet<>();
  private final Map<String, Boolean> replies = new LinkedHashMap<>();
  private final Set<String> signals = new HashSet<>();

  /** What a platform was told of an event. */
  void acknowledged(String channel, InboundEvent event, Received received) {
    if (event instanceof InboundEvent.Received message) {
      Check.that(
          received.kind() == Received.Kind.STORED || received.kind() == Received.Kind.DUPLICATE,
          "a message is " + received,
          event);
      accepted.put(message.key(), message);
    } else if (received.kind() == Received.Kind.IGNORED) {
      return;
    } else if (event instanceof InboundEvent.Edited edit) {
      newestEdit.merge(edit.target(), edit, (a, b) -> a.sentAt().isAfter(b.sentAt()) ? a : b);
    } else if (event instanceof InboundEvent.Deleted deleted) {
      withdrawn.add(deleted.target());
    } else if (event instanceof InboundEvent.Signalled && received.kind() == Received.Kind.STORED) {
      signals.add(event.key());
    }
  }

  /** What an agent or bot was told of a reply: it is stored, as a message or as a note. */
  void replied(String text, boolean sent) {
    replies.put(text, sent);
  }

  int accepted() {
    return accepted.size();
  }

  /** Nothing lost, nothing twice, nothing in another place than its neighbours. */
  void balance(Map<String, List<Message>> conversations, Map<Notice, Integer> notices) {
    Map<String, Message> byKey = new HashMap<>();
    Map<String, List<Message>> byText = new HashMap<>();
    conversations.forEach(
        (id, messages) -> {
          for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            Check.same(message.seq(), i + 1, "seq in " + id);
            if (message.direction() == Message.Direction.INBOUND) {
              Message twice = byKey.put(String.valueOf(message.externalId()), message);
              Check.that(twice == null, "stored twice", message);
            } else {
              byText
                  .computeIfAbsent(message.content().text(), t -> new ArrayList<>(1))
                  .add(message);
            }
          }
        });
    accepted.forEach((key, event) -> stored(event, byKey.get(key)));
    signals.forEach(key -> Check.that(byKey.containsKey(key), "signal lost", key));
    replies.forEach((text, sent) -> answered(text, sent, byText.getOrDefault(text, List.of())));
    noticed(byText, notices);
    byText.forEach(
        (text, all) -> Check.that(all.size() == 1, "a reply is stored twice", text + all));
  }

  /**
   * Each notice that a level wrote was said: as often as there were spells, no more than written.
   */
  private static void noticed(Map<String, List<Message>> byText, Map<Notice, Integer> notices) {
    Map<String, Integer> least = new HashMap<>();
    Map<String, Integer> most = new HashMap<>();
    notices.forEach(
        (notice, written) -> {
          String text = "notice " + notice.about() + " " + notice.promise() + " " + notice.level();
          least.merge(text, 1, Integer::sum);
          most.merge(text, written, Integer::sum);
        });
    least.forEach(
        (text, times) -> {
          List<Message> said = byText.remove(text);
          int found = said == null ? 0 : said.size();
          Check.that(found >= times && found <= most.get(text), "said " + found, text);
        });
  }

  private void stored(InboundEvent.Received event, @org.jspecify.annotations.Nullable Message at) {
    Check.that(at != null, "lost", event);
    if (withdrawn.contains(event.key())) {
      Check.that(at.deleted(), "not withdrawn", at);
      return;
    }
    InboundEvent.Edited edit = newestEdit.get(event.key());
    MessageContent expected = edit == null ? event.content() : edit.content();
    Check.same(at.content(), expected, "content of " + event.key());
    Check.same(
        at.editedAt(), edit == null ? null : millis(edit.sentAt()), "edit of " + event.key());
  }

  private static Instant millis(Instant at) {
    return at.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  private static void answered(String text, boolean sent, List<Message> found) {
    Check.same(found.size(), 1, "reply " + text);
    Check.same(
        found.get(0).direction(),
        sent ? Message.Direction.OUTBOUND : Message.Direction.NOTE,
        "direction of " + text);
  }
}
