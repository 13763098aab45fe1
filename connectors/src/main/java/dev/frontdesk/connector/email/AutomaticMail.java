// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells mail written by machines from mail written by people (RFC 3834, RFC 2076, RFC 2919, RFC
 * 3464, and what machines send without any of these). It errs to "automatic": that only means that
 * no machine of ours answers.
 */
final class AutomaticMail {

  private static final Pattern PRECEDENCE =
      Pattern.compile("(?i).*\\b(bulk|junk|list|auto[_-]?reply)\\b.*");

  private static final Pattern SUPPRESS = Pattern.compile("(?i).*\\b(DR|AutoReply|OOF|All)\\b.*");

  private static final Pattern MACHINE =
      Pattern.compile(
          "(?i)(mailer-?daemon|post-?master|mail-?daemon|no-?reply|do-?not-?reply|donotreply|bounces?|noreply)([+=._-].*)?");

  /** The last hint, for machines that set no header; only at the beginning of a subject. */
  private static final Pattern SUBJECT =
      Pattern.compile(
          "(?is)^\\W{0,3}(re:\\s*)?(auto(matic|mated)?[ -]?(reply|response|answer)\\b.*|auto[:: ].*"
              + "|out of (the )?office.*|away from.*(mail|office).*|vacation\\b.*|on vacation.*|abwesenheit.*"
              + "|automatische antwort.*|réponse automatique.*|respuesta automática.*|risposta automatica.*"
              + "|автоответ.*|自动回复.*|自動回覆.*|自動応答.*|自動返信.*|undeliver(able|ed)\\b.*|delivery (status notification|failure|has failed).*"
              + "|(mail|message) delivery (failed|failure|status).*|returned mail.*|failure notice.*|mail system error.*"
              + "|退信.*|系统退信.*|邮件退回.*)$");

  private AutomaticMail() {}

  /**
   * True if a machine wrote it.
   *
   * @param from address of its From, or empty
   * @param returnPath envelope sender, empty for {@code <>}, null when unknown
   * @param own our own address: mail from it has gone in a circle
   */
  static boolean is(
      MailHeaders headers, String from, @Nullable String returnPath, String subject, String own) {
    return saysSo(headers)
        || isReport(headers)
        || isNull(headers, returnPath)
        || MACHINE.matcher(localPart(from)).matches()
        || from.equalsIgnoreCase(own)
        || SUBJECT.matcher(subject).matches();
  }

  private static boolean saysSo(MailHeaders headers) {
    String submitted = headers.text("Auto-Submitted").toLowerCase(Locale.ROOT);
    boolean byPerson = submitted.isEmpty() || submitted.matches("no\\b.*");
    return !byPerson
        || PRECEDENCE.matcher(headers.text("Precedence")).matches()
        || SUPPRESS.matcher(headers.text("X-Auto-Response-Suppress")).matches()
        || headers.has("List-Id")
        || headers.has("List-Unsubscribe")
        || headers.has("X-Autoreply")
        || headers.has("X-Autorespond")
        || headers.has("X-Auto-Reply")
        || headers.has("X-Autoresponder")
        || headers.has("X-Mail-Autoreply")
        || headers.has("X-Failed-Recipients")
        || headers.has("X-Loop");
  }

  private static boolean isReport(MailHeaders headers) {
    String type = headers.text("Content-Type").toLowerCase(Locale.ROOT);
    return type.startsWith("multipart/report") || type.startsWith("message/delivery-status");
  }

  private static boolean isNull(MailHeaders headers, @Nullable String returnPath) {
    if (returnPath != null && returnPath.isEmpty()) {
      return true;
    }
    return headers.raw("Return-Path").map(path -> path.strip().matches("<\\s*>")).orElse(false);
  }

  private static String localPart(String address) {
    int at = address.lastIndexOf('@');
    return at < 0 ? address : address.substring(0, at);
  }
}
