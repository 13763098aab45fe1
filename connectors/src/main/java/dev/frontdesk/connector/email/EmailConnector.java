// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import com.google.auto.service.AutoService;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox: inbound by a provider's webhook, outbound by SMTP.
 *
 * <p>SMTP does not deduplicate: an unknown send is not repeated, although a repeat would carry the
 * same message id (see the page {@code docs/email.md}).
 */
public final class EmailConnector implements Connector {

  /** Reading this many bytes of mail may take some milliseconds. */
  private static final int HEAVY_BYTES = 32_768;

  private final PostmarkInbound postmark;
  private final MailEvents events;
  private final MailWriter writer;
  private final @Nullable SmtpSender sender;

  private EmailConnector(EmailSettings settings, ChannelContext context) {
    MailThreads threads =
        new MailThreads(settings.inbound().postmark().password().all(), settings.address());
    this.postmark = new PostmarkInbound(settings.inbound().postmark());
    this.events = new MailEvents(threads, settings.address());
    this.writer = new MailWriter(threads, settings);
    this.sender =
        settings.outbound() == null
            ? null
            : new SmtpSender(
                settings.outbound().smtp(),
                settings.address().substring(settings.address().lastIndexOf('@') + 1),
                context);
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.path().isEmpty() && !request.path().equals("/")) {
      throw new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "nothing lives below this path");
    }
    if (!request.method().equals("POST")) {
      throw new WebhookRejected(
          WebhookRejected.Reason.METHOD, request.method() + ", expected POST");
    }
    postmark.verify(request);
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    return events.of(postmark.read(request), now);
  }

  @Override
  public boolean isHeavy(WebhookRequest request) {
    return request.body().length() > HEAVY_BYTES;
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    if (sender == null) {
      return refused(Cause.CREDENTIALS, "no-outbound", "the channel has no outbound.smtp");
    }
    MessageContent content = message.content();
    if (!(content instanceof MessageContent.Text) && !(content instanceof MessageContent.Choice)) {
      return refused(Cause.CONTENT, "unsupported", content.kind() + ", expected text or choice");
    }
    InternetAddress to;
    try {
      to = writer.recipient(message);
    } catch (AddressException e) {
      return refused(Cause.RECIPIENT, "address", "the contact's address is not a plain one");
    }
    return sender
        .send(writer.envelopeFrom(message), session -> writer.write(session, message, to, now))
        .otherwise(failure -> new SendResult.Unknown(failure.getClass().getSimpleName()));
  }

  @Override
  public Future<Void> close() {
    return sender == null ? Future.succeededFuture() : sender.close();
  }

  private static Future<SendResult> refused(Cause cause, String code, String reason) {
    return Future.succeededFuture(new SendResult.Rejected(cause, code, reason));
  }

  /** Makes {@code email} channels. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService names the raw interface
  public static final class Factory implements ConnectorFactory<EmailSettings> {

    @Override
    public String name() {
      return "email";
    }

    @Override
    public ChannelFamily family() {
      return ChannelFamily.EMAIL;
    }

    @Override
    public Class<EmailSettings> settings() {
      return EmailSettings.class;
    }

    @Override
    public Connector create(EmailSettings settings, ChannelContext context) {
      return new EmailConnector(settings, context);
    }
  }
}
