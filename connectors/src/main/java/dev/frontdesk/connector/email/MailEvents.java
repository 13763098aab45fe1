// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Cut;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.email.Mail.Attachment;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a mail means: a text, then one media message per file, all of one thread; or, for a bounce
 * of ours, that a message failed.
 */
final class MailEvents {

  /** Longer texts are cut, and say so; a mail past it is a log or a book. */
  static final int MAX_TEXT = 100_000;

  /** More files are counted in the text's last line. */
  static final int MAX_FILES = 50;

  private static final int MAX_CONTEXT = 1_000;
  private static final Instant YEAR_9999 = Instant.parse("9999-12-31T23:59:59Z");

  private final MailThreads threads;
  private final String own;

  MailEvents(MailThreads threads, String own) {
    this.threads = threads;
    this.own = own;
  }

  Decoded of(Mail mail, Instant now) {
    boolean automatic =
        AutomaticMail.is(
            mail.headers(), mail.from().address(), mail.returnPath(), mail.subject(), own);
    Optional<DeliveryReport> ours =
        automatic
            ? DeliveryReport.in(mail.parts())
                .filter(r -> threads.ofMessageId(r.messageId()).isPresent())
            : Optional.empty();
    return ours.map(report -> bounce(mail, report, now))
        .orElseGet(() -> Decoded.of(messages(mail, automatic, now)));
  }

  /** A delay is not the end of a message: it is understood and of no interest. */
  private Decoded bounce(Mail mail, DeliveryReport report, Instant now) {
    if (!report.failed()) {
      return Decoded.nothing(WebhookAnswer.OK);
    }
    String recipient = report.recipient() == null ? mail.from().address() : report.recipient();
    return Decoded.of(
        new InboundEvent.Receipt(
            mail.deliveryId(),
            ContactRef.of(recipient.toLowerCase(Locale.ROOT)),
            threads.ofMessageId(report.messageId()).orElse(null),
            sentAt(mail, now),
            report.messageId(),
            DeliveryStatus.FAILED,
            report.reason()));
  }

  private List<InboundEvent> messages(Mail mail, boolean automatic, Instant now) {
    List<String> inReplyTo = mail.headers().ids("In-Reply-To");
    List<String> references = mail.headers().ids("References");
    String messageId =
        mail.headers().ids("Message-ID").stream().findFirst().orElse(mail.deliveryId());
    Template template =
        new Template(
            contact(mail),
            threads.threadOf(mail.recipients(), inReplyTo, references, messageId),
            sentAt(mail, now),
            answered(inReplyTo, references),
            automatic,
            context(mail, messageId, inReplyTo, references));
    List<InboundEvent> events = new ArrayList<>();
    String text = text(mail, inReplyTo.isEmpty() && references.isEmpty());
    if (!text.isEmpty() || mail.attachments().isEmpty()) {
      events.add(template.of(mail.deliveryId(), new MessageContent.Text(text)));
    }
    for (int i = 0; i < Math.min(MAX_FILES, mail.attachments().size()); i++) {
      events.add(template.of(mail.deliveryId() + "#" + (i + 1), media(mail.attachments().get(i))));
    }
    return events;
  }

  /** What the messages of one mail have in common. */
  private record Template(
      ContactRef contact,
      String thread,
      Instant sentAt,
      @Nullable String replyTo,
      boolean automatic,
      Map<String, String> context) {

    InboundEvent of(String key, MessageContent content) {
      return new InboundEvent.Received(
          key, contact, thread, sentAt, 0, content, replyTo, automatic, null, context);
    }
  }

  private static ContactRef contact(Mail mail) {
    String name = Subjects.oneLine(mail.from().name());
    return new ContactRef(
        mail.from().address().toLowerCase(Locale.ROOT), name.isEmpty() ? null : name, null);
  }

  /** The first mail of a thread is read with its subject: often that is the question. */
  private static String text(Mail mail, boolean first) {
    String text = mail.text();
    if (first && !mail.subject().isEmpty()) {
      text = (mail.subject() + "\n\n" + text).strip();
    }
    if (mail.attachments().size() > MAX_FILES) {
      text += "\n[" + (mail.attachments().size() - MAX_FILES) + " more files]";
    }
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    String cut = Cut.to(text, MAX_TEXT);
    return cut + "\n[" + (text.length() - cut.length()) + " more characters]";
  }

  private static Media media(Attachment file) {
    Media.Type type =
        switch (file.mimeType().split("/", 2)[0]) {
          case "image" -> Media.Type.IMAGE;
          case "audio" -> Media.Type.AUDIO;
          case "video" -> Media.Type.VIDEO;
          default -> Media.Type.FILE;
        };
    return new Media(type, null, null, file.mimeType(), file.bytes(), file.fileName(), null);
  }

  private @Nullable String answered(List<String> inReplyTo, List<String> references) {
    List<String> newestFirst = new ArrayList<>(references);
    newestFirst.addAll(inReplyTo);
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      if (threads.ofMessageId(newestFirst.get(i)).isPresent()) {
        return newestFirst.get(i);
      }
    }
    return null;
  }

  /** What an answer needs: subject, the chain it continues, and where the customer wants it. */
  private static Map<String, String> context(
      Mail mail, String messageId, List<String> inReplyTo, List<String> references) {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("subject", mail.subject());
    if (messageId.contains("@") && messageId.length() <= 900) {
      context.put("messageId", messageId);
    }
    List<String> chain = references.isEmpty() ? inReplyTo : references;
    if (!chain.isEmpty()) {
      context.put("references", shortened(chain));
    }
    mail.headers().addresses("Reply-To").stream()
        .findFirst()
        .map(MailHeaders.Address::address)
        .filter(address -> !address.equalsIgnoreCase(mail.from().address()))
        .filter(address -> address.length() <= 320)
        .ifPresent(address -> context.put("replyTo", address));
    return context;
  }

  /** The root, which names the thread for clients, and as many of the newest as fit. */
  private static String shortened(List<String> chain) {
    String root = chain.get(0).length() <= 400 ? "<" + chain.get(0) + ">" : "";
    StringBuilder rest = new StringBuilder();
    for (int i = chain.size() - 1; i > 0; i--) {
      String next = " <" + chain.get(i) + ">";
      if (root.length() + rest.length() + next.length() > MAX_CONTEXT) {
        break;
      }
      rest.insert(0, next);
    }
    return (root + rest).strip();
  }

  private static Instant sentAt(Mail mail, Instant now) {
    String date = mail.headers().text("Date").replaceAll("\\([^()]*\\)", " ").strip();
    try {
      Instant sent = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return sent.isBefore(Instant.EPOCH) || sent.isAfter(YEAR_9999) ? now : sent;
    } catch (DateTimeException e) {
      return now;
    }
  }
}
