// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * WeChat's API for one account: {@code stable_token} and {@code message/custom/send}, with the
 * platform's codes. A user must have done something first ({@link #allow}); what is sent is counted
 * down as the platform does.
 */
public final class WechatApi implements PlatformApi {

  private static final int MAX_TEXT_BYTES = 2_048;
  private static final Duration TOKEN_LIFE = Duration.ofHours(2);
  private static final Pattern ESCAPED = Pattern.compile("\\\\u[0-9a-fA-F]{4}");

  private record Allowance(Instant until, AtomicInteger left) {}

  private final String appId;
  private final String appSecret;
  private final AtomicInteger generation = new AtomicInteger(1);
  private final AtomicInteger tokenCalls = new AtomicInteger();
  private final AtomicInteger forcedCalls = new AtomicInteger();
  private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();
  private volatile Instant tokenEnds = Instant.MAX;

  public WechatApi(String appId, String appSecret) {
    this.appId = appId;
    this.appSecret = appSecret;
  }

  @Override
  public String name() {
    return "wechat";
  }

  /** What a user just did lets the account send them so many messages. */
  public void allow(String openId, int number, Instant until) {
    allowances.put(openId, new Allowance(until, new AtomicInteger(number)));
  }

  /** The platform's token changed behind the account's back; those given out are refused. */
  public void revokeToken() {
    generation.incrementAndGet();
  }

  /** How often a token was asked for. */
  public int tokenCalls() {
    return tokenCalls.get();
  }

  /** How often of these with {@code force_refresh}. */
  public int forcedCalls() {
    return forcedCalls.get();
  }

  @Override
  public Reply answer(Call call) {
    if (!call.method().equals("POST")) {
      return error(43002, "require POST method");
    }
    return switch (call.path()) {
      case "/cgi-bin/stable_token" -> token(call);
      case "/cgi-bin/message/custom/send" -> send(call);
      default -> Reply.json(404, "");
    };
  }

  @Override
  public boolean isSend(Call call) {
    return !call.path().equals("/cgi-bin/stable_token");
  }

  @Override
  public Reply broken(int status) {
    return status == 504 ? Reply.json(504, "") : error(-1, "system error");
  }

  private Reply token(Call call) {
    tokenCalls.incrementAndGet();
    JsonObject asked = parse(call.body());
    if (asked == null) {
      return error(47001, "data format error");
    }
    if (!"client_credential".equals(asked.getString("grant_type"))) {
      return error(40002, "invalid grant_type");
    }
    if (!appId.equals(asked.getString("appid"))) {
      return error(40013, "invalid appid");
    }
    if (!appSecret.equals(asked.getString("secret"))) {
      return error(40125, "invalid appsecret");
    }
    if (Boolean.TRUE.equals(asked.getBoolean("force_refresh"))) {
      forcedCalls.incrementAndGet();
      generation.incrementAndGet();
    }
    tokenEnds = call.at().plus(TOKEN_LIFE);
    return Reply.json(
        200,
        new JsonObject()
            .put("access_token", "token_" + generation.get())
            .put("expires_in", TOKEN_LIFE.toSeconds())
            .encode());
  }

  private Reply send(Call call) {
    List<String> given =
        new QueryStringDecoder("?" + call.query()).parameters().get("access_token");
    if (given == null) {
      return error(41001, "access_token missing");
    }
    if (!given.equals(List.of("token_" + generation.get()))) {
      return error(40001, "invalid credential, access_token is invalid or not latest");
    }
    if (call.at().isAfter(tokenEnds)) {
      return error(42001, "access_token expired");
    }
    JsonObject message = parse(call.body());
    return message == null ? error(47001, "data format error") : deliver(message, call);
  }

  private Reply deliver(JsonObject message, Call call) {
    String openId = message.getString("touser", "");
    String text = text(message);
    if (openId.isEmpty()) {
      return error(40003, "invalid openid");
    }
    if (text == null) {
      return error(40008, "invalid message type");
    }
    if (text.isEmpty()) {
      return error(44004, "empty content");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
      return error(45002, "content size out of limit");
    }
    Allowance allowance = allowances.get(openId);
    if (allowance == null || !call.at().isBefore(allowance.until())) {
      return error(45015, "response out of time limit or subscription is canceled");
    }
    if (allowance.left().getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      return error(45047, "out of response count limit");
    }
    return error(0, "ok").taking(new Sent(openId, shown(text, call.body()), null, null, call.at()));
  }

  /** The platform shows an escaped character as its escape, so a stand-in must not undo it. */
  private static String shown(String text, Buffer body) {
    if (!ESCAPED.matcher(body.toString(StandardCharsets.UTF_8)).find()) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c < 0x80) {
                shown.append((char) c);
              } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return shown.toString();
  }

  private static @Nullable String text(JsonObject message) {
    String type = message.getString("msgtype", "");
    if (!(message.getValue(type) instanceof JsonObject content)) {
      return null;
    }
    return switch (type) {
      case "text" -> content.getString("content", "");
      case "msgmenu" -> content.getString("head_content", "");
      default -> null;
    };
  }

  private static @Nullable JsonObject parse(Buffer body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException e) {
      return null;
    }
  }

  private static Reply error(int code, String message) {
    return Reply.json(200, new JsonObject().put("errcode", code).put("errmsg", message).encode());
  }
}
