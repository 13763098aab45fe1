// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Telegram's Bot API ({@code …/telegram/bot<token>/sendMessage}), with its limits: 30 messages a
 * second over all chats, 20 a minute to one group, short bursts of 5 and then one a second to one
 * person (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
 */
public final class TelegramApi implements PlatformApi {

  private static final Map<String, String> CONTENT =
      Map.of(
          "sendMessage", "text",
          "sendPhoto", "photo",
          "sendAudio", "audio",
          "sendVideo", "video",
          "sendDocument", "document",
          "sendLocation", "latitude");

  private final String token;
  private final Quota overall;
  private final Quota perGroup = new Quota(20, Duration.ofMinutes(1));
  private final Quota perPerson = new Quota(5, Duration.ofSeconds(5));
  private final Set<Long> blocked = ConcurrentHashMap.newKeySet();
  private final Map<Long, Long> migrated = new ConcurrentHashMap<>();
  private long lastMessage = 1_000;

  public TelegramApi(String token) {
    this(token, 30);
  }

  /**
   * @param perSecond messages a second over all chats; more than 30 only where load is the question
   */
  public TelegramApi(String token, int perSecond) {
    this.token = token;
    this.overall = new Quota(perSecond, Duration.ofSeconds(1));
  }

  @Override
  public String name() {
    return "telegram";
  }

  /** A person who blocked the bot. */
  public void block(long chat) {
    blocked.add(chat);
  }

  /** A group that became a supergroup. */
  public void migrate(long from, long to) {
    migrated.put(from, to);
  }

  @Override
  public Reply answer(Call call) {
    String[] path = call.path().split("/", 3);
    if (path.length < 3 || !path[1].equals("bot" + token)) {
      return error(401, "Unauthorized");
    }
    String content = CONTENT.get(path[2]);
    if (content == null || !call.method().equals("POST")) {
      return error(404, "Not Found");
    }
    if (!String.valueOf(call.headers().get("content-type")).startsWith("application/json")) {
      return error(400, "Bad Request: message text is empty");
    }
    try {
      return take(call, StrictJson.object(call.body()), content);
    } catch (WebhookRejected e) {
      return error(400, "Bad Request: can't parse the body");
    }
  }

  private Reply take(Call call, JsonNode body, String content) throws WebhookRejected {
    long chat = StrictJson.number(body, "chat_id");
    if (migrated.containsKey(chat)) {
      ObjectNode refusal =
          refusal(400, "Bad Request: group chat was upgraded to a supergroup chat");
      refusal.putObject("parameters").put("migrate_to_chat_id", migrated.get(chat));
      return Reply.json(400, refusal.toString());
    }
    if (chat == 0) {
      return error(400, "Bad Request: chat not found");
    }
    if (blocked.contains(chat)) {
      return error(403, "Forbidden: bot was blocked by the user");
    }
    if (!body.hasNonNull(content) || body.path(content).asText("").isBlank()) {
      return error(400, "Bad Request: message text is empty");
    }
    String text = body.path(content.equals("text") ? "text" : "caption").asText("");
    if (text.length() > (content.equals("text") ? 4_096 : 1_024)) {
      return error(400, "Bad Request: message is too long");
    }
    Quota ofChat = chat < 0 ? perGroup : perPerson;
    if (!ofChat.take(Long.toString(chat), call.at()) || !overall.take("", call.at())) {
      return throttled(Duration.ofSeconds(1));
    }
    long number = ++lastMessage;
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", true);
    ObjectNode result = answer.putObject("result").put("message_id", number);
    result
        .put("date", call.at().getEpochSecond())
        .put("text", text)
        .putObject("chat")
        .put("id", chat);
    return Reply.json(200, answer.toString())
        .taking(new Sent(Long.toString(chat), text, null, chat + ":" + number, call.at()));
  }

  @Override
  public Reply throttled(Duration after) {
    ObjectNode refusal = refusal(429, "Too Many Requests: retry after " + after.toSeconds());
    refusal.putObject("parameters").put("retry_after", after.toSeconds());
    return Reply.json(429, refusal.toString());
  }

  @Override
  public Reply broken(int status) {
    return error(status, "Internal Server Error");
  }

  private static Reply error(int code, String description) {
    return Reply.json(code, refusal(code, description).toString());
  }

  private static ObjectNode refusal(int code, String description) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", false)
        .put("error_code", code)
        .put("description", description);
  }
}
