// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.email.Mail.Attachment;
import dev.frontdesk.connector.email.MailHeaders.Address;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Postmark's inbound webhook (postmarkapp.com/developer/webhooks/inbound-webhook). It signs
 * nothing: HTTP Basic in the address is what there is.
 *
 * <p>With "Include raw email content" the mail is read from {@code RawEmail} by our own rules; else
 * from the fields Postmark made of it.
 */
final class PostmarkInbound {

  private static final Set<String> RETURNED = Set.of("message/rfc822", "text/rfc822-headers");

  private final List<String> accepted;

  PostmarkInbound(EmailSettings.Postmark settings) {
    this.accepted =
        settings.password().all().stream()
            .map(password -> basic(settings.username() + ":" + password))
            .toList();
  }

  void verify(WebhookRequest request) throws WebhookRejected {
    String given =
        request
            .header("authorization")
            .orElseThrow(() -> WebhookRejected.unauthenticated("Authorization is missing"));
    boolean known = false;
    for (String one : accepted) {
      known |= Signatures.same(one, given);
    }
    if (!known) {
      throw WebhookRejected.unauthenticated("Authorization differs");
    }
  }

  Mail read(WebhookRequest request) throws WebhookRejected {
    JsonNode body = StrictJson.objectWithFiles(request.body());
    String id = StrictJson.text(body, "MessageID", 256);
    Optional<MailPart> raw = raw(body);
    return raw.isPresent() ? fromRaw(id, body, raw.get()) : fromFields(id, body);
  }

  private static Optional<MailPart> raw(JsonNode body) {
    String raw = body.path("RawEmail").asText("");
    if (raw.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MimeReader.read(raw.getBytes(StandardCharsets.UTF_8)));
    } catch (WebhookRejected e) {
      return Optional.empty(); // Postmark could read it: its fields are what we take
    }
  }

  /** What the raw mail lacks (Postmark's own test mail does) its fields may still have. */
  private static Mail fromRaw(String id, JsonNode body, MailPart root) throws WebhookRejected {
    List<MailHeaders.Field> fields = new ArrayList<>(root.headers().fields());
    addFields(fields, body);
    MailHeaders headers = new MailHeaders(fields);
    String subject = Subjects.oneLine(headers.text("Subject"));
    MailBody content = MailBody.of(root);
    return new Mail(
        id,
        headers,
        from(headers, body),
        returnPath(headers),
        recipients(headers, body),
        subject,
        content.text(Mail.isAnswer(headers, subject)),
        content.attachments().isEmpty()
            ? attachments(body, new ArrayList<>())
            : content.attachments(),
        root.walk());
  }

  private static Mail fromFields(String id, JsonNode body) throws WebhookRejected {
    MailHeaders headers = headers(body);
    String subject = Subjects.oneLine(body.path("Subject").asText(""));
    MailBody content =
        new MailBody(body.path("TextBody").asText(""), body.path("HtmlBody").asText(""), List.of());
    List<MailPart> parts = new ArrayList<>();
    parts.add(part(headers.text("Content-Type"), headers, new byte[0]));
    List<Attachment> attachments = attachments(body, parts);
    if (content.plain().length() > 0) {
      parts.add(
          part(
              "text/plain",
              new MailHeaders(List.of()),
              content.plain().getBytes(StandardCharsets.UTF_8)));
    }
    return new Mail(
        id,
        headers,
        from(headers, body),
        returnPath(headers),
        recipients(headers, body),
        subject,
        content.text(Mail.isAnswer(headers, subject)),
        attachments,
        parts);
  }

  private static List<Attachment> attachments(JsonNode body, List<MailPart> parts)
      throws WebhookRejected {
    List<Attachment> attachments = new ArrayList<>();
    for (JsonNode file : StrictJson.optionalList(body, "Attachments")) {
      add(file, attachments, parts);
    }
    return attachments;
  }

  private static void add(JsonNode file, List<Attachment> attachments, List<MailPart> parts) {
    String type =
        file.path("ContentType").asText("application/octet-stream").toLowerCase(Locale.ROOT);
    String mimeType = type.split(";", 2)[0].strip();
    String name = HeaderParameters.harmless(file.path("Name").asText(""));
    attachments.add(new Attachment(name, mimeType, file.path("ContentLength").asLong(0)));
    if (RETURNED.contains(mimeType) || mimeType.equals("message/delivery-status")) {
      String content = file.path("Content").asText(file.path("Data").asText(""));
      parts.add(part(mimeType, new MailHeaders(List.of()), bytes(content)));
    }
  }

  private static MailPart part(String type, MailHeaders headers, byte[] content) {
    return new MailPart(type, "utf-8", headers, null, Buffer.buffer(content), List.of());
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** From as written; if it names nobody, nobody can be answered. */
  private static Address from(MailHeaders headers, JsonNode body) {
    JsonNode full = body.path("FromFull");
    String address = full.path("Email").asText(body.path("From").asText(""));
    if (address.contains("@") && address.length() <= 320 && !address.contains(" ")) {
      return new Address(address, full.path("Name").asText(body.path("FromName").asText("")));
    }
    return headers.addresses("From").stream()
        .findFirst()
        .or(() -> headers.addresses("Sender").stream().findFirst())
        .or(() -> headers.addresses("Return-Path").stream().findFirst())
        .orElse(new Address("unknown@invalid", ""));
  }

  private static @Nullable String returnPath(MailHeaders headers) {
    return headers.raw("Return-Path").map(path -> path.replaceAll("[<>\\s]", "")).orElse(null);
  }

  private static List<String> recipients(MailHeaders headers, JsonNode body) {
    List<String> all = new ArrayList<>();
    all.add(body.path("OriginalRecipient").asText(""));
    for (String list : List.of("ToFull", "CcFull", "BccFull")) {
      body.path(list).forEach(one -> all.add(one.path("Email").asText("")));
    }
    for (String name : List.of("To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To")) {
      headers.addresses(name).forEach(address -> all.add(address.address()));
    }
    all.removeIf(String::isEmpty);
    return all;
  }

  private static MailHeaders headers(JsonNode body) throws WebhookRejected {
    List<MailHeaders.Field> fields = new ArrayList<>();
    for (JsonNode header : StrictJson.optionalList(body, "Headers")) {
      String name = header.path("Name").asText("");
      if (!name.isEmpty() && fields.size() < MimeReader.MAX_HEADERS) {
        fields.add(new MailHeaders.Field(name, header.path("Value").asText("")));
      }
    }
    addFields(fields, body);
    return new MailHeaders(fields);
  }

  private static void addFields(List<MailHeaders.Field> fields, JsonNode body) {
    addMissing(fields, "From", body.path("From").asText(""));
    addMissing(fields, "Reply-To", body.path("ReplyTo").asText(""));
    addMissing(fields, "Date", body.path("Date").asText(""));
  }

  private static void addMissing(List<MailHeaders.Field> fields, String name, String value) {
    if (!value.isEmpty() && fields.stream().noneMatch(f -> f.name().equalsIgnoreCase(name))) {
      fields.add(new MailHeaders.Field(name, value));
    }
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }
}
