// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.google.auto.service.AutoService;
import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import java.time.Instant;

/**
 * The {@code telegram} connector. Telegram signs nothing: a secret in a header says who calls
 * (https://core.telegram.org/bots/api#setwebhook).
 */
public final class TelegramConnector implements Connector {

  private static final String TOKEN = "x-telegram-bot-api-secret-token";

  private final Secret secretToken;
  private final BotApi api;

  private TelegramConnector(Settings settings, ChannelContext context) {
    this.secretToken = settings.secretToken();
    this.api = new BotApi(settings.apiBaseUrl(), settings.botToken(), context.client());
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.path().isEmpty()) {
      throw new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "nothing lives below this path");
    }
    if (!request.method().equals("POST")) {
      throw new WebhookRejected(WebhookRejected.Reason.METHOD, "expected POST");
    }
    String given =
        request
            .header(TOKEN)
            .orElseThrow(() -> WebhookRejected.unauthenticated(TOKEN + " is missing"));
    boolean fits = false;
    for (String secret : secretToken.all()) {
      fits |= Signatures.same(secret, given);
    }
    if (!fits) {
      throw WebhookRejected.unauthenticated(TOKEN + " differs from secretToken");
    }
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    return UpdateReader.read(StrictJson.object(request.body()), now);
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    return api.send(message);
  }

  /** Settings of the {@code telegram} connector. */
  public record Settings(
      @Doc("Token of the bot, from @BotFather.") Secret botToken,
      @Doc("The secret_token given to setWebhook; a list while it is being changed.")
          Secret secretToken,
      @Default("https://api.telegram.org") @Doc("Address of the Bot API.") String apiBaseUrl) {

    public Settings {
      if (!botToken.all().stream().allMatch(token -> token.matches("[A-Za-z0-9:_-]+"))) {
        throw new IllegalArgumentException(
            "botToken has other characters, expected A–Z a–z 0–9 : _ - as @BotFather gave it");
      }
      HttpUrl.require("apiBaseUrl", apiBaseUrl);
    }
  }

  /** Makes {@link TelegramConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "telegram";
    }

    @Override
    public ChannelFamily family() {
      return ChannelFamily.SOCIAL;
    }

    @Override
    public Class<Settings> settings() {
      return Settings.class;
    }

    @Override
    public Connector create(Settings settings, ChannelContext context) {
      return new TelegramConnector(settings, context);
    }
  }
}
