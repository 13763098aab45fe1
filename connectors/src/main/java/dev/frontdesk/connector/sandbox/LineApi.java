// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LINE's push ({@code …/line/v2/bot/message/push}): one text to one user, group or room; a retry
 * key that was taken is answered 409 with what was sent then.
 */
public final class LineApi implements PlatformApi {

  private static final int MAX_REMEMBERED = 100_000;

  private final String token;
  private long number = 461_230_966_842_064_896L;
  private final Map<String, String> taken =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** For one channel access token. */
  public LineApi(String token) {
    this.token = token;
  }

  @Override
  public String name() {
    return "line";
  }

  @Override
  public Reply answer(Call call) {
    if (!call.method().equals("POST") || !call.path().equals("/v2/bot/message/push")) {
      return Reply.json(404, "{\"message\":\"Not found\"}");
    }
    if (!("Bearer " + token).equals(call.headers().get("authorization"))) {
      return Reply.json(401, "{\"message\":\"Authentication failed\"}");
    }
    if (!"application/json".equals(call.headers().get("content-type"))) {
      return Reply.json(400, "{\"message\":\"The content type is not supported\"}");
    }
    String key = String.valueOf(call.headers().get("x-line-retry-key"));
    if (!key.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return Reply.json(400, "{\"message\":\"Invalid retry key\"}");
    }
    if (taken.containsKey(key)) {
      return Reply.json(409, sent("The retry key is already accepted", taken.get(key)))
          .withHeader("x-line-accepted-request-id", "r" + taken.get(key));
    }
    try {
      return take(key, call);
    } catch (WebhookRejected e) {
      return Reply.json(400, "{\"message\":\"The request body has 1 error(s)\"}");
    }
  }

  private Reply take(String key, Call call) throws WebhookRejected {
    JsonNode body = StrictJson.object(call.body());
    String to = StrictJson.text(body, "to", 64);
    if (!to.matches("[UCR][0-9a-f]{32}")) {
      return Reply.json(400, "{\"message\":\"The property, 'to', is invalid\"}");
    }
    JsonNode messages = StrictJson.optionalList(body, "messages");
    if (messages.size() != 1) {
      return Reply.json(400, "{\"message\":\"The request body has 1 error(s)\"}");
    }
    JsonNode message = messages.get(0);
    if (!StrictJson.text(message, "type", 64).equals("text")) {
      return Reply.json(400, "{\"message\":\"The request body has 1 error(s)\"}");
    }
    String text = StrictJson.text(message, "text", 5_000);
    for (JsonNode item : message.path("quickReply").path("items")) {
      JsonNode action = StrictJson.requireObject(item.get("action"), "action");
      StrictJson.text(action, "label", 20);
      StrictJson.text(action, "data", 300);
      StrictJson.text(action, "displayText", 300);
    }
    String id = Long.toString(++number);
    taken.put(key, id);
    return Reply.json(200, sent("", id)).taking(new Sent(to, text, null, id, call.at()));
  }

  private static String sent(String message, String id) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (!message.isEmpty()) {
      answer.put("message", message);
    }
    answer.putArray("sentMessages").addObject().put("id", id).put("quoteToken", "IStG5h1Tz7b");
    return answer.toString();
  }
}
