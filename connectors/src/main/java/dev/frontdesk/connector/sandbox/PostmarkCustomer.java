// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;

/** People who write mail to a mailbox whose provider is Postmark. */
public final class PostmarkCustomer implements Customer {

  private static final byte[] PICTURE = new byte[600];

  private final String username;
  private final String password;
  private final String mailbox;

  public PostmarkCustomer(String username, String password, String mailbox) {
    this.username = username;
    this.password = password;
    this.mailbox = mailbox;
  }

  /** A first mail; its subject is the beginning of the text. */
  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    String subject = text.lines().findFirst().orElse("");
    return posted(
        mail(contactId, name, mailbox, subject, text, externalId, at, Map.of()).toString());
  }

  /** A mail without words and with one file; {@code url} is not used, the file is in the mail. */
  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    ObjectNode mail = mail(contactId, name, mailbox, "", "", externalId, at, Map.of());
    mail.putArray("Attachments")
        .addObject()
        .put("Name", "picture.jpg")
        .put("ContentType", "image/jpeg")
        .put("ContentLength", PICTURE.length)
        .put("Content", Base64.getEncoder().encodeToString(PICTURE));
    return posted(mail.toString());
  }

  /**
   * An answer to one of our mails.
   *
   * @param to where our mail asked answers to go
   * @param inReplyTo the Message-ID of our mail, with brackets
   */
  public InboundSample answer(
      String contactId,
      String name,
      String to,
      String inReplyTo,
      String text,
      String externalId,
      Instant at) {
    return posted(
        mail(
                contactId,
                name,
                to,
                "Re: your question",
                text,
                externalId,
                at,
                Map.of("In-Reply-To", inReplyTo, "References", inReplyTo))
            .toString());
  }

  /** Any body, with the credentials of the channel. */
  public InboundSample posted(String body) {
    String basic =
        Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    return new InboundSample(
        "POST",
        "",
        Map.of("Content-Type", "application/json", "Authorization", "Basic " + basic),
        Buffer.buffer(body));
  }

  /** What Postmark makes of a mail. */
  public static ObjectNode mail(
      String from,
      String name,
      String to,
      String subject,
      String text,
      String externalId,
      Instant at,
      Map<String, String> headers) {
    ObjectNode mail = JsonNodeFactory.instance.objectNode();
    mail.put("FromName", name).put("From", from).put("MessageStream", "inbound");
    mail.putObject("FromFull").put("Email", from).put("Name", name).put("MailboxHash", "");
    mail.put("To", to).put("OriginalRecipient", to).put("Subject", subject);
    mail.putArray("ToFull").addObject().put("Email", to).put("Name", "");
    mail.put("MessageID", externalId).put("ReplyTo", "");
    mail.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC)));
    mail.put("TextBody", text).put("HtmlBody", "").put("StrippedTextReply", "");
    ArrayNode list = mail.putArray("Headers");
    list.addObject()
        .put("Name", "Message-ID")
        .put("Value", "<" + externalId + "@customer.example>");
    headers.forEach((key, value) -> list.addObject().put("Name", key).put("Value", value));
    mail.putArray("Attachments");
    return mail;
  }
}
