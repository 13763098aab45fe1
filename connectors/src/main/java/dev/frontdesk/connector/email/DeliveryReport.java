// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.frontdesk.connector.Cut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a bounce says (RFC 3464, and those of servers that only return the mail).
 *
 * @param messageId the id of the mail that was not delivered, without brackets
 * @param recipient to whom, if the report says so
 * @param failed false for a delay, which is not the end
 * @param reason the server's words, at most {@value #MAX_REASON} characters
 */
record DeliveryReport(String messageId, @Nullable String recipient, boolean failed, String reason) {

  private static final int MAX_REASON = 200;
  private static final Pattern ACTION = Pattern.compile("(?im)^Action:\\s*([a-z]+)");
  private static final Pattern STATUS =
      Pattern.compile("(?im)^Status:\\s*([245]\\.\\d{1,3}\\.\\d{1,3})");
  private static final Pattern RECIPIENT =
      Pattern.compile("(?im)^(?:Original|Final)-Recipient:\\s*rfc822;\\s*<?([^\\s<>]{3,254})");
  private static final Pattern DIAGNOSTIC =
      Pattern.compile("(?im)^Diagnostic-Code:\\s*(.+(?:\r?\n[ \t].+)*)");
  private static final Pattern RETURNED_ID = Pattern.compile("(?im)^Message-ID:\\s*<([^<>\\s]+)>");

  /** The report in a mail, if it names the mail it is about. */
  static Optional<DeliveryReport> in(List<MailPart> parts) {
    Optional<String> status =
        parts.stream()
            .filter(p -> p.mimeType().equals("message/delivery-status"))
            .map(p -> p.content().toString(UTF_8))
            .findFirst();
    return returnedId(parts)
        .map(
            id ->
                new DeliveryReport(
                    id,
                    status.flatMap(DeliveryReport::recipientOf).orElse(null),
                    status.map(DeliveryReport::isFailure).orElse(true),
                    status.map(DeliveryReport::reason).orElse("returned by the mail system")));
  }

  /** The id in the returned mail, or in its headers, whichever part holds them. */
  private static Optional<String> returnedId(List<MailPart> parts) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i < parts.size(); i++) {
      MailPart part = parts.get(i);
      ids.addAll(part.headers().ids("Message-ID"));
      if (isReturned(part)) {
        Matcher matcher = RETURNED_ID.matcher(part.content().toString(UTF_8));
        if (matcher.find()) {
          ids.add(matcher.group(1));
        }
      }
    }
    return ids.stream().findFirst();
  }

  private static boolean isReturned(MailPart part) {
    return part.mimeType().equals("text/rfc822-headers")
        || part.mimeType().equals("message/rfc822")
        || part.mimeType().equals("text/plain");
  }

  private static Optional<String> recipientOf(String status) {
    Matcher matcher = RECIPIENT.matcher(status);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** One failed recipient of several is a failure: each of our mails has one recipient. */
  private static boolean isFailure(String status) {
    Matcher action = ACTION.matcher(status);
    boolean known = false;
    while (action.find()) {
      known = true;
      if (action.group(1).toLowerCase(Locale.ROOT).equals("failed")) {
        return true;
      }
    }
    Matcher code = STATUS.matcher(status);
    return !known && code.find() && code.group(1).startsWith("5");
  }

  private static String reason(String status) {
    Matcher code = STATUS.matcher(status);
    Matcher words = DIAGNOSTIC.matcher(status);
    String reason = (code.find() ? code.group(1) + " " : "") + (words.find() ? words.group(1) : "");
    return Cut.to(Subjects.oneLine(reason), MAX_REASON);
  }
}
