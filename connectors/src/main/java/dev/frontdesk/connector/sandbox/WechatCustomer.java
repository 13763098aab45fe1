// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import dev.frontdesk.connector.wechat.WechatCipher;
import dev.frontdesk.connector.wechat.WechatSignature;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Users of a WeChat Official Account: their messages as XML, signed, and encrypted in safe mode.
 * What they do opens the sending window at the {@link WechatApi}. For one thread at a time.
 */
public final class WechatCustomer implements Customer {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final String token;
  private final @Nullable WechatCipher cipher;
  private final @Nullable WechatApi api;
  private final SplittableRandom random;

  /**
   * Users of one account.
   *
   * @param encodingAesKey null: plain mode
   * @param api told of what users do, or null
   * @param seed of nonces and of the encryption's prefix
   */
  public WechatCustomer(
      String appId,
      String token,
      @Nullable String encodingAesKey,
      @Nullable WechatApi api,
      long seed) {
    this.token = token;
    this.cipher = encodingAesKey == null ? null : new WechatCipher(appId, List.of(encodingAesKey));
    this.api = api;
    this.random = new SplittableRandom(seed);
  }

  /** The platform sends no display name: {@code name} is not used. */
  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    if (api != null) {
      api.allow(contactId, 5, at.plus(Duration.ofDays(2)));
    }
    return signed(
        Buffer.buffer(
            head(contactId, "text", at)
                + "<Content>"
                + cdata(text)
                + "</Content><MsgId>"
                + externalId
                + "</MsgId></xml>"),
        at);
  }

  /** The platform sends no display name: {@code name} is not used. */
  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    if (api != null) {
      api.allow(contactId, 5, at.plus(Duration.ofDays(2)));
    }
    return signed(
        Buffer.buffer(
            head(contactId, "image", at)
                + "<PicUrl>"
                + cdata(url)
                + "</PicUrl><MediaId>"
                + cdata("media_" + externalId)
                + "</MediaId><MsgId>"
                + externalId
                + "</MsgId></xml>"),
        at);
  }

  /** Something a user did: {@code subscribe}, {@code SCAN}, {@code CLICK} …. */
  public InboundSample event(String contactId, String event, String eventKey, Instant at) {
    if (api != null) {
      api.allow(contactId, 3, at.plus(MINUTE));
    }
    return signed(
        Buffer.buffer(
            head(contactId, "event", at)
                + "<Event>"
                + cdata(event)
                + "</Event><EventKey>"
                + cdata(eventKey)
                + "</EventKey></xml>"),
        at);
  }

  /** The platform's check of the address; {@code echo} is what must come back. */
  public InboundSample check(String echo, Instant at) {
    String nonce = Integer.toUnsignedString(random.nextInt());
    Map<String, String> parameters = stamped(Long.toString(at.getEpochSecond()), nonce);
    parameters.put("echostr", echo);
    return new InboundSample("GET", query(parameters), Map.of(), Buffer.buffer());
  }

  /** Any body, signed, and encrypted in safe mode. */
  public InboundSample signed(Buffer document, Instant at) {
    String timestamp = Long.toString(at.getEpochSecond());
    String nonce = Integer.toUnsignedString(random.nextInt());
    Map<String, String> parameters = stamped(timestamp, nonce);
    Buffer body = document;
    if (cipher != null) {
      String encrypted = cipher.encrypt(document.getBytes(), bytes());
      parameters.put("encrypt_type", "aes");
      parameters.put("msg_signature", WechatSignature.of(token, timestamp, nonce, encrypted));
      body =
          Buffer.buffer(
              "<xml><ToUserName>"
                  + cdata("gh_account")
                  + "</ToUserName><Encrypt>"
                  + cdata(encrypted)
                  + "</Encrypt></xml>");
    }
    return new InboundSample("POST", query(parameters), Map.of("Content-Type", "text/xml"), body);
  }

  private Map<String, String> stamped(String timestamp, String nonce) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("signature", WechatSignature.of(token, timestamp, nonce));
    parameters.put("timestamp", timestamp);
    parameters.put("nonce", nonce);
    return parameters;
  }

  private byte[] bytes() {
    byte[] prefix = new byte[16];
    random.nextBytes(prefix);
    return prefix;
  }

  private static String query(Map<String, String> parameters) {
    QueryStringEncoder query = new QueryStringEncoder("");
    parameters.forEach(query::addParam);
    return query.toString();
  }

  private static String head(String openId, String type, Instant at) {
    return "<xml><ToUserName>"
        + cdata("gh_account")
        + "</ToUserName><FromUserName>"
        + cdata(openId)
        + "</FromUserName><CreateTime>"
        + at.getEpochSecond()
        + "</CreateTime><MsgType>"
        + cdata(type)
        + "</MsgType>";
  }

  private static String cdata(String text) {
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>";
  }
}
