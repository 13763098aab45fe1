// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.email.SmtpSender.Phase;
import jakarta.mail.MessagingException;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** What the reply codes of RFC 5321 mean for a message. */
final class SmtpReply {

  /** Authentication needed, too weak, refused; sender not allowed. */
  private static final Set<Integer> ACCOUNT = Set.of(530, 534, 535, 538);

  private static final int DEEPEST = 16;

  private SmtpReply() {}

  /** The code a failure carries, or the last one of the connection, or -1. */
  static int code(MessagingException failure, int last) {
    @Nullable Exception next = failure;
    for (int i = 0; next != null && i < DEEPEST; i++) {
      int code = ofOne(next);
      if (code >= 400) {
        return code;
      }
      next = next instanceof MessagingException chained ? chained.getNextException() : null;
    }
    return last >= 400 ? last : -1;
  }

  private static int ofOne(Exception failure) {
    if (failure instanceof SMTPAddressFailedException e) {
      return e.getReturnCode();
    }
    if (failure instanceof SMTPSenderFailedException e) {
      return e.getReturnCode();
    }
    return failure instanceof SMTPSendFailedException e ? e.getReturnCode() : -1;
  }

  /** 4xx: later. 5xx: never, because of the recipient before DATA and the content after it. */
  static SendResult result(int code, Phase phase) {
    if (code < 500) {
      return new SendResult.Retry("SMTP " + code, null);
    }
    Cause cause =
        ACCOUNT.contains(code)
            ? Cause.CREDENTIALS
            : phase == Phase.ENVELOPE ? Cause.RECIPIENT : Cause.CONTENT;
    return new SendResult.Rejected(cause, "smtp-" + code, "SMTP " + code);
  }
}
