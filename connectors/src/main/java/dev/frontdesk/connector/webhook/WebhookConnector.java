// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.RetryAfter;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.StoreOutcome;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.TransportFailure;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code webhook} connector: our own plain form, signed by Standard Webhooks, both ways. */
public final class WebhookConnector implements Connector {

  /** Most events in one call. */
  static final int MAX_EVENTS = 1_000;

  /** Bytes past which reading takes milliseconds rather than microseconds. */
  private static final int HEAVY_BYTES = 131_072;

  private static final String JSON = "application/json";

  private final StandardWebhooks signatures;
  private final @Nullable String sendUrl;
  private final ChannelContext context;

  private WebhookConnector(Settings settings, ChannelContext context) {
    this.signatures = new StandardWebhooks(settings.secret());
    this.sendUrl = settings.address();
    this.context = context;
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.path().isEmpty()) {
      throw new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "nothing lives below this path");
    }
    if (!request.method().equals("POST")) {
      throw new WebhookRejected(WebhookRejected.Reason.METHOD, "expected POST");
    }
    signatures.verify(request, now);
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    JsonNode body = StrictJson.object(request.body());
    List<InboundEvent> events = new ArrayList<>();
    List<Decoded.Rejection> rejections = new ArrayList<>();
    int ignored = 0;
    int index = 0;
    for (JsonNode node : parts(body)) {
      try {
        ignored += EventReader.read(node, now).filter(events::add).isPresent() ? 0 : 1;
      } catch (WebhookRejected e) {
        rejections.add(new Decoded.Rejection(index, String.valueOf(e.getMessage())));
      }
      index++;
    }
    return new Decoded(events, rejections, ignored, WebhookAnswer.OK);
  }

  @Override
  public WebhookAnswer answer(Decoded decoded, StoreOutcome outcome) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("accepted", outcome.stored())
            .put("duplicates", outcome.duplicates());
    var rejected = body.putArray("rejected");
    for (Decoded.Rejection rejection : decoded.rejections()) {
      rejected.addObject().put("index", rejection.index()).put("reason", rejection.reason());
    }
    boolean allRejected =
        !rejected.isEmpty() && decoded.events().isEmpty() && decoded.ignored() == 0;
    return new WebhookAnswer(allRejected ? 400 : 200, JSON, body.toString());
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    if (sendUrl == null) {
      // the system reads its answers from the API; a stored answer is where it is to be
      return Future.succeededFuture(new SendResult.Accepted(message.id()));
    }
    Buffer body = Buffer.buffer(json(message).toString());
    return context
        .client()
        .postAbs(sendUrl)
        .followRedirects(false)
        .putHeader("content-type", JSON)
        .putHeader(StandardWebhooks.ID, message.id())
        .putHeader(StandardWebhooks.TIMESTAMP, StandardWebhooks.timestamp(now))
        .putHeader(StandardWebhooks.SIGNATURE, signatures.sign(message.id(), now, body))
        .sendBuffer(body)
        .map(response -> classify(response, message, now))
        .otherwise(TransportFailure::classify);
  }

  /** The receiver finds the id of the message in {@code webhook-id} on each attempt. */
  @Override
  public boolean deduplicatesSends() {
    return true;
  }

  /** A batch: an event loop has no time for hundreds of events. */
  @Override
  public boolean isHeavy(WebhookRequest request) {
    return request.body().length() > HEAVY_BYTES;
  }

  private static Iterable<JsonNode> parts(JsonNode body) throws WebhookRejected {
    JsonNode events = body.get("events");
    if (events == null) {
      StrictJson.requireWhole(body);
      return List.of(body);
    }
    if (!events.isArray() || events.size() > MAX_EVENTS) {
      throw WebhookRejected.malformed(
          "events is no list of at most " + MAX_EVENTS + " entries, expected that");
    }
    return events;
  }

  private static ObjectNode json(OutboundMessage message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "message.send");
    json.putObject("message")
        .put("id", message.id())
        .put("conversation", message.conversation())
        .put("direction", "outbound")
        .<ObjectNode>set("content", ContentJson.write(message.content()))
        .put("replyTo", message.replyTo())
        .put("thread", message.thread())
        .put("automatic", message.automatic());
    ContactRef contact = message.contact();
    ObjectNode to = json.putObject("contact").put("id", contact.externalId());
    if (contact.name() != null) {
      to.put("name", contact.name());
    }
    return json;
  }

  private static SendResult classify(
      HttpResponse<Buffer> response, OutboundMessage message, Instant now) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new SendResult.Accepted(externalId(response.body(), message.id()));
    }
    String code = Integer.toString(status);
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new SendResult.Retry(
          "sendUrl answered " + code, RetryAfter.parse(response.getHeader("retry-after"), now));
    }
    Cause cause =
        switch (status) {
          case 401, 403 -> Cause.CREDENTIALS;
          case 400, 413, 415, 422 -> Cause.CONTENT;
          default -> Cause.OTHER;
        };
    return new SendResult.Rejected(
        cause,
        code,
        status < 400 ? "sendUrl redirects, which is not followed" : "sendUrl answered " + code);
  }

  /** The receiver's name of the message if it gave one, else ours: receipts may name either. */
  private static String externalId(@Nullable Buffer body, String own) {
    if (body == null || body.length() == 0) {
      return own;
    }
    try {
      String id = StrictJson.optionalText(StrictJson.parse(body), "id", 512);
      return id == null || id.isEmpty() ? own : id;
    } catch (WebhookRejected e) {
      return own; // the body of a 2xx is optional, so one that cannot be read says nothing
    }
  }

  /** Settings of the {@code webhook} connector. */
  public record Settings(
      @Doc("Secret of Standard Webhooks (whsec_…); a list while it is being changed.")
          Secret secret,
      @Nullable @Doc("Address that answers are posted to; without it they are there to be read.")
          String sendUrl,
      @Nullable @Doc("Replaces scheme, host and port of sendUrl, for tests.") String apiBaseUrl) {

    public Settings {
      var unused = new StandardWebhooks(secret);
      if (sendUrl != null) {
        HttpUrl.require("sendUrl", sendUrl);
      }
      if (apiBaseUrl != null) {
        HttpUrl.require("apiBaseUrl", apiBaseUrl);
      }
    }

    @Nullable String address() {
      return sendUrl == null || apiBaseUrl == null
          ? sendUrl
          : HttpUrl.below(apiBaseUrl, HttpUrl.pathAndQuery(sendUrl));
    }
  }

  /** Makes {@link WebhookConnector}s. */
  @AutoService(ConnectorFactory.class)
  @SuppressWarnings("rawtypes") // AutoService cannot name the type parameter
  public static final class Factory implements ConnectorFactory<Settings> {

    @Override
    public String name() {
      return "webhook";
    }

    @Override
    public ChannelFamily family() {
      return ChannelFamily.GENERIC;
    }

    @Override
    public Class<Settings> settings() {
      return Settings.class;
    }

    @Override
    public Connector create(Settings settings, ChannelContext context) {
      return new WebhookConnector(settings, context);
    }
  }
}
