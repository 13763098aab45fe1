// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.runtime.CelVariableResolver;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.Cut;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message as conditions see it; what is not known is an empty text. */
final class SubjectVariables implements CelVariableResolver {

  /** How much of a text conditions see: what a rule costs must not be up to a stranger. */
  static final int TEXT_SEEN = 8_192;

  private final Triage.Subject subject;
  private final Map<String, WorkingTime> calendars;
  private final WordTables words;
  private long found;
  private boolean looked;

  SubjectVariables(Triage.Subject subject, Map<String, WorkingTime> calendars, WordTables words) {
    this.subject = subject;
    this.calendars = calendars;
    this.words = words;
  }

  @Override
  public Optional<Object> find(String name) {
    return Optional.ofNullable(value(name));
  }

  private @Nullable Object value(String name) {
    return switch (name) {
      case "message.text" -> seen(subject.text());
      case "message.kind" -> subject.kind();
      case "message.language" -> known(subject.language());
      case "contact.id" -> subject.contact();
      case "contact.name" -> known(subject.contactName());
      case "customer.tier" -> known(subject.tier());
      case "customer.attributes" -> subject.attributes();
      case "channel.id" -> subject.channel();
      case "channel.connector" -> subject.connector();
      case "channel.family" -> subject.family();
      default -> flag(name);
    };
  }

  private @Nullable Object flag(String name) {
    if (name.startsWith(RuleCheck.WORDS)) {
      return hasWord(name.substring(RuleCheck.WORDS.length()));
    }
    WorkingTime calendar =
        name.startsWith(RuleCheck.HOURS)
            ? calendars.get(name.substring(RuleCheck.HOURS.length()))
            : null;
    return calendar == null ? null : calendar.isOpen(subject.at());
  }

  /** The text is searched once, when a condition first asks for any table. */
  private @Nullable Boolean hasWord(String table) {
    if (!words.has(table)) {
      return null;
    }
    if (!looked) {
      found = words.found(subject.text());
      looked = true;
    }
    return words.isAmong(table, found);
  }

  private static String seen(String text) {
    return Cut.to(text, TEXT_SEEN);
  }

  private static String known(@Nullable String value) {
    return value == null ? "" : value;
  }
}
