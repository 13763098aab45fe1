// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The system behind a {@code webhook} channel's {@code sendUrl} ({@code …/webhook}): checks the
 * signature, takes each {@code webhook-id} once and answers a repeat as it answered the first.
 */
public final class WebhookReceiver implements PlatformApi {

  private static final int MAX_REMEMBERED = 100_000;

  private final StandardWebhooks signatures;
  private final Map<String, String> taken =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  public WebhookReceiver(Secret secret) {
    this.signatures = new StandardWebhooks(secret);
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public Reply answer(Call call) {
    if (!call.method().equals("POST") || !call.path().isEmpty()) {
      return Reply.json(404, "{}");
    }
    WebhookRequest request = request(call);
    try {
      signatures.verify(request, call.at());
    } catch (WebhookRejected e) {
      return Reply.json(401, "{}");
    }
    try {
      return take(call, request.header(StandardWebhooks.ID).orElseThrow());
    } catch (WebhookRejected e) {
      return Reply.json(422, "{}");
    }
  }

  private Reply take(Call call, String id) throws WebhookRejected {
    JsonNode body = StrictJson.object(call.body());
    JsonNode message = StrictJson.requireObject(body.get("message"), "message");
    JsonNode contact = StrictJson.requireObject(body.get("contact"), "contact");
    String text = ContentJson.read(message.get("content")).text();
    boolean ours =
        "message.send".equals(StrictJson.text(body, "type", 64))
            && id.equals(StrictJson.text(message, "id", 64));
    if (!ours) {
      return Reply.json(422, "{}");
    }
    String known = taken.get(id);
    if (known != null) {
      return Reply.json(200, id(known));
    }
    String external = "ext-" + id;
    taken.put(id, external);
    return Reply.json(200, id(external))
        .taking(new Sent(StrictJson.text(contact, "id", 512), text, id, external, call.at()));
  }

  private static String id(String external) {
    return JsonNodeFactory.instance.objectNode().put("id", external).toString();
  }

  private static WebhookRequest request(Call call) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    call.headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    return new WebhookRequest("POST", "", "", Map.of(), headers, call.body());
  }
}
