// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Instant;
import java.util.Date;

/**
 * Writes the mail of a message: an answer in its thread, as plain text.
 *
 * <p>Nothing a customer wrote gets into a header unchecked: subjects lose line ends and control
 * characters, ids and addresses are only taken in their strict form.
 */
final class MailWriter {

  private final MailThreads threads;
  private final EmailSettings settings;

  MailWriter(MailThreads threads, EmailSettings settings) {
    this.threads = threads;
    this.settings = settings;
  }

  /** The address an answer goes to, in strict form. */
  InternetAddress recipient(OutboundMessage message) throws AddressException {
    String wanted = message.context().getOrDefault("replyTo", message.contact().externalId());
    InternetAddress address = new InternetAddress(wanted, true);
    String plain = address.getAddress();
    if (!plain.equals(wanted) || plain.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw new AddressException("not a plain address");
    }
    return address;
  }

  /** Who hears of a mail that does not arrive: nobody if a machine wrote it (RFC 3834). */
  String envelopeFrom(OutboundMessage message) {
    return message.automatic() ? "<>" : answerAddress(message);
  }

  /** The whole mail; the same message gives the same message id. */
  MimeMessage write(Session session, OutboundMessage message, InternetAddress to, Instant now) {
    try {
      MimeMessage mail = new OwnMessageId(session, "<" + messageId(message) + ">");
      mail.setFrom(new InternetAddress(settings.address()));
      mail.setRecipient(Message.RecipientType.TO, to);
      mail.setSubject(Subjects.answerTo(message.context().getOrDefault("subject", "")), "UTF-8");
      mail.setSentDate(Date.from(now));
      if (settings.plusAddressing()) {
        mail.setReplyTo(new InternetAddress[] {new InternetAddress(answerAddress(message))});
      }
      continueThread(mail, message);
      if (message.automatic()) {
        mail.setHeader("Auto-Submitted", "auto-replied");
        mail.setHeader("X-Auto-Response-Suppress", "All");
      }
      mail.setText(text(message.content()), "UTF-8");
      mail.saveChanges();
      return mail;
    } catch (MessagingException e) {
      throw new IllegalStateException("a mail of checked parts could not be written", e);
    }
  }

  private static void continueThread(MimeMessage mail, OutboundMessage message)
      throws MessagingException {
    MailHeaders known =
        new MailHeaders(
            java.util.List.of(
                new MailHeaders.Field("r", message.context().getOrDefault("references", "")),
                new MailHeaders.Field(
                    "m", "<" + message.context().getOrDefault("messageId", "") + ">")));
    StringBuilder chain = new StringBuilder();
    known.ids("r").forEach(id -> chain.append("<").append(printable(id)).append(">\r\n "));
    for (String id : known.ids("m")) {
      chain.append("<").append(printable(id)).append(">");
      mail.setHeader("In-Reply-To", "<" + printable(id) + ">");
    }
    if (chain.length() > 0) {
      mail.setHeader("References", chain.toString().strip());
    }
  }

  /** Ids have no spaces (see {@link MailHeaders#ids}); what else is not ASCII is no id either. */
  private static String printable(String id) {
    return id.replaceAll("[^\\x21-\\x7e]", "");
  }

  private String messageId(OutboundMessage message) {
    return threads.messageId(message.id(), thread(message));
  }

  private String answerAddress(OutboundMessage message) {
    return settings.plusAddressing() ? threads.answerAddress(thread(message)) : settings.address();
  }

  private static String thread(OutboundMessage message) {
    return message.thread() == null ? "conversation " + message.conversation() : message.thread();
  }

  private static String text(MessageContent content) {
    if (!(content instanceof MessageContent.Choice choice)) {
      return content.text();
    }
    StringBuilder text = new StringBuilder(choice.text());
    choice.options().forEach(option -> text.append("\n- ").append(option.label()));
    return text.toString();
  }

  /** Keeps the id it was given; jakarta.mail would make a new one for each attempt. */
  private static final class OwnMessageId extends MimeMessage {

    private final String id;

    OwnMessageId(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
