// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.cel.runtime.CelVariableResolver;
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

  SubjectVariables(Triage.Subject subject, Map<String, WorkingTime> calendars) {
    this.subject = subject;
    this.calendars = calendars;
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
      default -> hours(name);
    };
  }

  private @Nullable Object hours(String name) {
    WorkingTime calendar =
        name.startsWith(Conditions.HOURS)
            ? calendars.get(name.substring(Conditions.HOURS.length()))
            : null;
    return calendar == null ? null : calendar.isOpen(subject.at());
  }

  private static String seen(String text) {
    return Cut.to(text, TEXT_SEEN);
  }

  private static String known(@Nullable String value) {
    return value == null ? "" : value;
  }
}
