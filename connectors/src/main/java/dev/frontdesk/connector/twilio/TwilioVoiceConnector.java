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
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code twilio-voice} connector: a caller hears a greeting and leaves a voicemail; the call is
 * a message of kind {@code call}. Answers go out as text messages.
 */
public final class TwilioVoiceConnector implements Connector {

  /** Where Twilio goes on when the caller has spoken. */
  static final String VOICEMAIL = "/voicemail";

  /** Where Twilio says that a recording is ready, if the number is configured so. */
  static final String RECORDING = "/recording";

  /** Where Twilio says how a call ended. */
  static final String STATUS = "/status";

  /** Where Twilio reports how far a text message of ours got. */
  static final String MESSAGE_STATUS = "/message-status";

  private static final Set<String> PATHS = Set.of("", VOICEMAIL, RECORDING, STATUS, MESSAGE_STATUS);

  private final TwilioSignature signature;
  private final PublicAddress address;
  private final WebhookAnswer greeting;
  private final TwilioMessages messages;
  private final @Nullable String from;

  private TwilioVoiceConnector(Settings settings, ChannelContext context) {
    this.signature = new TwilioSignature(settings.authToken());
    this.address = PublicAddress.of(context, settings.publicUrl());
    this.greeting =
        TwiMl.voicemail(
            settings.language(), settings.greeting(), settings.maxLength(), address.webhook());
    this.from = settings.from();
    this.messages =
        new TwilioMessages(
            settings.apiBaseUrl(),
            settings.accountSid(),
            settings.authToken(),
            address.webhook() + MESSAGE_STATUS,
            context.client());
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    signature.verify(request, address.of(request));
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!PATHS.contains(request.path())) {
      throw TwilioCalls.notFound();
    }
    TwilioForm form = TwilioCalls.parameters(request);
    return request.path().equals(MESSAGE_STATUS)
        ? SmsReader.read(form, now)
        : VoiceReader.read(form, now, greeting, TwiMl.HANG_UP);
  }

  /**
   * A call that is over cannot be answered by a call: the answer is a text message from {@code
   * from}. Without it, or to a caller who hides the number, nothing can be sent.
   */
  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    if (from == null) {
      return refused("no-from", "the channel has no number to send text messages from");
    }
    return message.contact().externalId().startsWith("+")
        ? messages.send(message, from, now)
        : refused("hidden", "the caller's number is hidden or no telephone number");
  }

  private static Future<SendResult> refused(String code, String reason) {
    return Future.succeededFuture(new SendResult.Rejected(Cause.RECIPIENT, code, reason));
  }

  /** Settings of the {@code twilio-voice} connector. */
  public record Settings(
      @Doc("Sid of the account (AC…).") String accountSid,
      @Doc("Token of the account; a list while it is being changed.") Secret authToken,
      @Nullable @Doc("Number that answers are sent from as text messages; absent: none are.")
          String from,
      @Nullable @Doc("Address Twilio reaches this gateway by, if it is not the server's.")
          String publicUrl,
      @Default("en-US") @Doc("Language the greeting is spoken in, such as zh-CN.") String language,
      @Default("Please leave a message after the tone.") @Doc("What a caller hears first.")
          String greeting,
      @Default("2m") @Doc("Longest recording.") Duration maxLength,
      @Default(TwilioCalls.API) @Doc("Address of Twilio's API.") String apiBaseUrl) {

    public Settings {
      TwilioCalls.requireValid(accountSid, authToken, from, publicUrl, apiBaseUrl);
      if (maxLength.toSeconds() < 1 || maxLength.toHours() >= 4) {
        throw new IllegalArgumentException("maxLength is " + maxLength + ", expected 1s to 4h");
      }
    }
  }

  /** Makes {@link TwilioVoiceConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "twilio-voice";
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
      return new TwilioVoiceConnector(settings, context);
    }
  }
}
