// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.email.Mail.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of a mail's parts is to be read, and what is a file.
 *
 * @param plain joined text/plain parts, empty if none
 * @param html joined text/html parts, empty if none
 */
record MailBody(String plain, String html, List<Attachment> attachments) {

  /** Parts of a report that are neither. */
  private static final Set<String> FOR_MACHINES =
      Set.of(
          "message/delivery-status",
          "message/disposition-notification",
          "message/feedback-report",
          "text/rfc822-headers");

  static MailBody of(MailPart root) {
    List<String> plain = new ArrayList<>();
    List<String> html = new ArrayList<>();
    List<Attachment> attachments = new ArrayList<>();
    gather(root, true, plain, html, attachments);
    return new MailBody(String.join("\n", plain), String.join("\n", html), attachments);
  }

  /** The words, without the mail it answers if it is an answer. */
  String text(boolean answer) {
    if (!plain.isBlank()) {
      return answer ? QuotedReply.strip(plain) : plain.strip();
    }
    if (!answer) {
      return HtmlText.of(html);
    }
    String written = QuotedReply.strip(HtmlText.replyOf(html));
    return written.isBlank() ? HtmlText.of(html) : written;
  }

  private static void gather(
      MailPart part,
      boolean root,
      List<String> plain,
      List<String> html,
      List<Attachment> attachments) {
    if (part.mimeType().equals("message/rfc822") && !root) {
      attachments.add(new Attachment(named(part, "message.eml"), part.mimeType(), size(part)));
    } else if (!part.children().isEmpty()) {
      part.children()
          .forEach(child -> gather(child, root && isMessage(part), plain, html, attachments));
    } else if (part.isText() && !part.isAttachment() && part.fileName() == null) {
      (part.mimeType().equals("text/plain") ? plain : html).add(part.text());
    } else if (!part.mimeType().startsWith("multipart/")
        && !FOR_MACHINES.contains(part.mimeType())) {
      attachments.add(new Attachment(part.fileName(), part.mimeType(), size(part)));
    } else if (part.mimeType().startsWith("multipart/")) {
      plain.add(part.text()); // a multipart without its boundary is read as it stands
    }
  }

  private static boolean isMessage(MailPart part) {
    return part.mimeType().equals("message/rfc822");
  }

  private static String named(MailPart part, String otherwise) {
    return part.fileName() == null ? otherwise : part.fileName();
  }

  private static long size(MailPart part) {
    return part.walk().stream().mapToLong(p -> p.content().length()).sum();
  }
}
