// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.Cut;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.TransportFailure;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** The {@code line} connector (https://developers.line.biz/en/reference/messaging-api/). */
public final class LineConnector implements Connector {

  /** Longest text LINE takes, in UTF-16 units. */
  static final int MAX_TEXT = 5_000;

  /** Most buttons below a text. */
  static final int MAX_OPTIONS = 13;

  private static final int MAX_LABEL = 20;
  static final int MAX_POSTBACK = 300;
  private final Settings settings;
  private final ChannelContext context;

  private LineConnector(Settings settings, ChannelContext context) {
    this.settings = settings;
    this.context = context;
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.method().equals("POST") || !request.path().isEmpty()) {
      throw new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "expected POST without a path");
    }
    String given =
        request
            .header("x-line-signature")
            .orElseThrow(() -> WebhookRejected.unauthenticated("x-line-signature is missing"));
    boolean fits = false;
    for (String secret : settings.channelSecret().all()) {
      fits |= Signatures.same(sign(secret, request.body()), given);
    }
    if (!fits) {
      throw WebhookRejected.unauthenticated("x-line-signature does not fit the body");
    }
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    JsonNode body = StrictJson.object(request.body());
    if (!body.has("events")) {
      throw WebhookRejected.malformed("events is absent, expected a list");
    }
    JsonNode list = StrictJson.optionalList(body, "events");
    if (list.isEmpty()) { // what the console's Verify button sends
      return Decoded.nothing(WebhookAnswer.OK);
    }
    List<InboundEvent> events = new ArrayList<>();
    List<Decoded.Rejection> rejections = new ArrayList<>();
    int ignored = 0;
    for (int i = 0; i < list.size(); i++) {
      try {
        InboundEvent event = LineEvents.read(StrictJson.requireObject(list.get(i), "event"));
        if (event == null) {
          ignored++;
        } else {
          events.add(event);
        }
      } catch (WebhookRejected e) {
        rejections.add(new Decoded.Rejection(i, String.valueOf(e.getMessage())));
      }
    }
    return new Decoded(events, rejections, ignored, WebhookAnswer.OK);
  }

  /** LINE drops a push whose {@code X-Line-Retry-Key} it took in the last 24 hours. */
  @Override
  public boolean deduplicatesSends() {
    return true;
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    ObjectNode content = JsonNodeFactory.instance.objectNode().put("type", "text");
    if (message.content() instanceof MessageContent.Text) {
      content.put("text", message.content().text());
    } else if (message.content() instanceof MessageContent.Choice choice) {
      if (choice.options().isEmpty() || choice.options().size() > MAX_OPTIONS) {
        return rejected("options", "LINE shows 1 to " + MAX_OPTIONS + " options");
      }
      if (choice.options().stream().anyMatch(option -> option.id().length() > MAX_POSTBACK)) {
        return rejected("options", "ids of options have at most " + MAX_POSTBACK + " characters");
      }
      content.put("text", choice.text()).set("quickReply", quickReply(choice));
    } else {
      return rejected("kind", "this connector sends text and choices only");
    }
    if (message.content().text().length() > MAX_TEXT) {
      return rejected("length", "LINE takes at most " + MAX_TEXT + " characters");
    }
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("to", message.contact().externalId());
    body.putArray("messages").add(content);
    String json = body.toString();
    return context
        .client()
        .postAbs(HttpUrl.below(settings.apiBaseUrl(), "/v2/bot/message/push"))
        .followRedirects(false)
        .bearerTokenAuthentication(settings.channelAccessToken().newest())
        .putHeader("content-type", "application/json")
        .putHeader("x-line-retry-key", retryKey(message.id(), json))
        .sendBuffer(Buffer.buffer(json))
        .map(response -> PushAnswer.classify(response, now))
        .otherwise(TransportFailure::classify);
  }

  private static JsonNode quickReply(MessageContent.Choice choice) {
    ObjectNode quickReply = JsonNodeFactory.instance.objectNode();
    ArrayNode items = quickReply.putArray("items");
    for (MessageContent.Choice.Option option : choice.options()) {
      items
          .addObject()
          .put("type", "action")
          .putObject("action")
          .put("type", "postback")
          .put("label", shortened(option.label()))
          .put("data", option.id())
          .put("displayText", option.label());
    }
    return quickReply;
  }

  private static String shortened(String label) {
    return label.length() <= MAX_LABEL ? label : Cut.to(label, MAX_LABEL - 1) + "…";
  }

  private static Future<SendResult> rejected(String code, String reason) {
    return Future.succeededFuture(new SendResult.Rejected(Cause.CONTENT, code, reason));
  }

  /**
   * The same for every attempt of one message. The request is a part of it: LINE remembers a key
   * for a day, and a gateway that lost its data in between counts its ids from the start.
   */
  private String retryKey(String id, String request) {
    String name = String.join("\n", context.workspace(), context.channel(), id, request);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** What {@code x-line-signature} holds. */
  static String sign(String secret, Buffer body) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Signatures.hmacSha256(key, body.getBytes()));
  }

  /** Settings of the {@code line} connector. */
  public record Settings(
      @Doc("Channel secret that signs webhooks; a list while it is being changed.")
          Secret channelSecret,
      @Doc("Channel access token of the API.") Secret channelAccessToken,
      @Default("https://api.line.me") @Doc("Address of LINE's API.") String apiBaseUrl) {

    public Settings {
      HttpUrl.require("apiBaseUrl", apiBaseUrl);
    }
  }

  /** Makes {@link LineConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "line";
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
      return new LineConnector(settings, context);
    }
  }
}
