// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webchat;

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
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * The {@code webchat} connector. Visitors come over the gateway's own WebSocket, so there is no
 * webhook, and what is stored is already delivered: the visitor's socket reads it from there. What
 * is left to know here is who may connect, which {@link #origins} and {@link #passes} answer.
 */
public final class WebchatConnector implements Connector {

  private final Origins origins;
  private final VisitorPasses passes;

  private WebchatConnector(Settings settings) {
    this.origins = new Origins(settings.allowedOrigins());
    this.passes = new VisitorPasses(settings.identitySecret());
  }

  /** Which pages may connect. */
  public Origins origins() {
    return origins;
  }

  /** Who a visitor is. */
  public VisitorPasses passes() {
    return passes;
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    throw new WebhookRejected(
        WebhookRejected.Reason.NOT_FOUND, "a webchat channel has no webhooks, expected its socket");
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    throw new WebhookRejected(
        WebhookRejected.Reason.NOT_FOUND, "a webchat channel has no webhooks, expected its socket");
  }

  /** The message is in the store, from where the visitor's socket takes it, now or later. */
  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    return Future.succeededFuture(new SendResult.Accepted(message.id()));
  }

  /** Nothing leaves the gateway, so nothing can arrive twice. */
  @Override
  public boolean deduplicatesSends() {
    return true;
  }

  /** Settings of the {@code webchat} connector. */
  public record Settings(
      @Default("[]")
          @Doc(
              "Origins of pages that may connect (https://shop.example.com), or * for any; empty:"
                  + " no browser may.")
          List<String> allowedOrigins,
      @Doc("Secret that signs sessions and, on your site's server, customer ids; 16 characters.")
          Secret identitySecret) {

    /** Below this a secret can be guessed. */
    private static final int MIN_SECRET = 16;

    public Settings {
      var unused = new Origins(allowedOrigins);
      allowedOrigins = List.copyOf(allowedOrigins);
      if (identitySecret.all().stream().anyMatch(secret -> secret.length() < MIN_SECRET)) {
        throw new IllegalArgumentException(
            "identitySecret is too short, expected at least " + MIN_SECRET + " characters");
      }
    }
  }

  /** Makes {@link WebchatConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "webchat";
    }

    @Override
    public ChannelFamily family() {
      return ChannelFamily.WEBCHAT;
    }

    @Override
    public Class<Settings> settings() {
      return Settings.class;
    }

    @Override
    public WebchatConnector create(Settings settings, ChannelContext context) {
      return new WebchatConnector(settings);
    }
  }
}
