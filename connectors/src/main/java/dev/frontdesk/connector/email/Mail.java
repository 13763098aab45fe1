// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.email.MailHeaders.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail that came in, however it came.
 *
 * @param deliveryId the provider's id of this delivery; what is deduplicated by
 * @param returnPath the envelope sender, empty for {@code <>}, null when unknown
 * @param recipients every address it was sent or delivered to
 * @param text what is to be read, without quotes and signature if it answers a mail
 * @param parts all parts, the whole first
 */
record Mail(
    String deliveryId,
    MailHeaders headers,
    Address from,
    @Nullable String returnPath,
    List<String> recipients,
    String subject,
    String text,
    List<Attachment> attachments,
    List<MailPart> parts) {

  Mail {
    recipients = List.copyOf(recipients);
    attachments = List.copyOf(attachments);
    parts = List.copyOf(parts);
  }

  /**
   * A file in a mail; its bytes are not kept.
   *
   * @param bytes decoded size
   */
  record Attachment(@Nullable String fileName, String mimeType, long bytes) {}

  /** True if it answers another mail, by its headers or by the subject that clients give. */
  static boolean isAnswer(MailHeaders headers, String subject) {
    return headers.has("In-Reply-To") || headers.has("References") || Subjects.isAnswer(subject);
  }
}
