// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import com.google.auto.service.AutoService;
import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The {@code twilio-sms} connector: text and picture messages, and WhatsApp by Twilio. */
public final class TwilioSmsConnector implements Connector {

  /** Where Twilio reports how far a message of ours got. */
  static final String STATUS = "/status";

  private final TwilioSignature signature;
  private final PublicAddress address;
  private final TwilioMessages messages;
  private final @Nullable String from;

  private TwilioSmsConnector(Settings settings, ChannelContext context) {
    this.signature = new TwilioSignature(settings.authToken());
    this.address = PublicAddress.of(context, settings.publicUrl());
    this.from = settings.from();
    this.messages =
        new TwilioMessages(
            settings.apiBaseUrl(),
            settings.accountSid(),
            settings.authToken(),
            address.webhook() + STATUS,
            context.client());
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    signature.verify(request, address.of(request));
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.path().isEmpty() && !request.path().equals(STATUS)) {
      throw TwilioCalls.notFound();
    }
    return SmsReader.read(TwilioCalls.parameters(request), now);
  }

  /** Without {@code from} the answer leaves from the number the customer wrote to. */
  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    String number = from == null ? message.context().get(SmsReader.NUMBER) : from;
    return number == null
        ? Future.succeededFuture(
            new SendResult.Rejected(Cause.CREDENTIALS, "no-from", "the channel has no from"))
        : messages.send(message, number, now);
  }

  /** Settings of the {@code twilio-sms} connector. */
  public record Settings(
      @Doc("Sid of the account (AC…).") String accountSid,
      @Doc("Token of the account; a list while it is being changed.") Secret authToken,
      @Nullable @Doc("Number or messaging service (MG…) to send from; absent: the one written to.")
          String from,
      @Nullable @Doc("Address Twilio reaches this gateway by, if it is not the server's.")
          String publicUrl,
      @Default(TwilioCalls.API) @Doc("Address of Twilio's API.") String apiBaseUrl) {

    public Settings {
      TwilioCalls.requireValid(accountSid, authToken, from, publicUrl, apiBaseUrl);
    }
  }

  /** Makes {@link TwilioSmsConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "twilio-sms";
    }

    @Override
    public ChannelFamily family() {
      return ChannelFamily.PHONE;
    }

    @Override
    public Class<Settings> settings() {
      return Settings.class;
    }

    @Override
    public Connector create(Settings settings, ChannelContext context) {
      return new TwilioSmsConnector(settings, context);
    }
  }
}
