// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.ConversationEvent.HandOff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From a bot to people. The clock of people starts here. */
final class BotRules {
  private BotRules() {}

  static Transition handOff(Draft d, HandOff event) {
    boolean own = event.bot().equals(d.bot());
    boolean ours = isOurs(event);
    if (own && (ours || event.epoch() == d.epoch)) {
      toPeople(d, event);
      return d.done();
    }
    if (ours || (d.owner == null && d.stage != Stage.CLOSED && event.epoch() == d.epoch - 1)) {
      return d.unchanged();
    }
    return d.refused(
        Refusal.Code.NOT_OWNER,
        "bot " + event.bot() + " at epoch " + event.epoch() + ", in force is epoch " + d.epoch);
  }

  /** Whether it is the gateway that takes the conversation from the bot. */
  private static boolean isOurs(HandOff event) {
    return HandOff.BOT_LOST.equals(event.reason()) || HandOff.BOT_SILENT.equals(event.reason());
  }

  /** The bot did not reply in time. */
  static Transition silent(Draft d) {
    String bot = d.bot();
    if (bot != null) {
      toPeople(d, new HandOff(bot, d.epoch, HandOff.BOT_SILENT, null, Map.of(), null, null));
    }
    return d.done();
  }

  private static void toPeople(Draft d, HandOff event) {
    List<String> ignored = new ArrayList<>();
    d.triage = directed(d.triage, event, d.terms, ignored);
    d.queue();
    d.unanswered = true;
    Clocks.startIfDue(d, true);
    d.emit(isOurs(event) ? new Effect.BotFailed(event.bot()) : new Effect.BotAnswered(event.bot()));
    Map<String, String> details = new HashMap<>();
    details.put("reason", event.reason());
    if (!ignored.isEmpty()) {
      details.put("ignored", String.join(" ", ignored));
    }
    d.audit("handed-off", Author.bot(event.bot()), details);
    d.announce(
        "conversation.handed-off", Map.of("reason", event.reason(), "queue", d.triage.queue()));
    String summary = event.summary();
    if (summary != null && !summary.isBlank() && d.lastSeq < d.terms.mostMessages()) {
      d.append(
          Message.Direction.NOTE, Author.bot(event.bot()), new MessageContent.Text(summary), null);
    }
    d.asked = true;
  }

  /** The bot's wishes, as far as the configuration knows the names. */
  private static Triage directed(Triage triage, HandOff event, Terms terms, List<String> ignored) {
    Map<String, Integer> skills = new HashMap<>();
    new TreeMap<>(event.skills())
        .forEach(
            (skill, level) -> {
              if (terms.skills().contains(skill)) {
                skills.put(skill, level);
              } else {
                ignored.add("skill:" + skill);
              }
            });
    return new Triage(
        known("queue:", event.queue(), terms.queues(), ignored, triage.queue()),
        known("promise:", event.promise(), terms.promises().keySet(), ignored, triage.promise()),
        triage.priority(),
        Raising.both(triage.skills(), skills),
        triage.language(),
        triage.category(),
        triage.complaint(),
        triage.tags(),
        triage.aim());
  }

  private static String known(
      String what, @Nullable String wish, Set<String> names, List<String> ignored, String present) {
    if (wish == null || names.contains(wish)) {
      return wish == null ? present : wish;
    }
    ignored.add(what + wish);
    return present;
  }
}
