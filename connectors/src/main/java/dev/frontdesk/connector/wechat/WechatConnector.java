// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One Official Account.
 *
 * <p>Without an {@code encodingAesKey} callbacks are plain and the signature does not cover the
 * body (the platform's plain mode). With one, only the encrypted part of a body counts, in
 * compatible mode too, and {@code msg_signature} is checked instead of {@code signature}.
 */
final class WechatConnector implements Connector {

  /** Tells the platform that nothing follows in this answer and nothing is to be repeated. */
  private static final WebhookAnswer SUCCESS = WebhookAnswer.ok("text/plain", "success");

  private static final int MAX_ECHO = 256;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final List<String> tokens;
  private final @Nullable WechatCipher cipher;
  private final Duration window;
  private final WechatMessages messages;
  private final WechatSender sender;

  WechatConnector(WechatSettings settings, ChannelContext context) {
    this.tokens = settings.token().all();
    this.cipher =
        settings.encodingAesKey() == null
            ? null
            : new WechatCipher(settings.appId(), settings.encodingAesKey().all());
    this.window = settings.timestampWindow();
    this.messages = new WechatMessages(settings.messagesPerUserMessage());
    this.sender = new WechatSender(settings, context);
    WechatXml.load();
  }

  @Override
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    if (!request.path().isEmpty() && !request.path().equals("/")) {
      throw new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "nothing lives below this path");
    }
    String timestamp = parameter(request, "timestamp");
    String nonce = parameter(request, "nonce");
    requireRecent(timestamp, now);
    if (request.method().equals("GET") || cipher == null) {
      requireSigned(parameter(request, "signature"), timestamp, nonce);
    } else {
      String encrypted = encryptedOfAnyone(request);
      requireSigned(parameter(request, "msg_signature"), timestamp, nonce, encrypted);
      open(cipher, encrypted);
    }
  }

  @Override
  public Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected {
    return switch (request.method()) {
      case "GET" -> Decoded.nothing(WebhookAnswer.ok("text/plain", echo(request)));
      case "POST" -> Decoded.of(messages.event(body(request))).answering(SUCCESS);
      default ->
          throw new WebhookRejected(
              WebhookRejected.Reason.METHOD, request.method() + ", expected GET or POST");
    };
  }

  @Override
  public Future<SendResult> send(OutboundMessage message, Instant now) {
    return sender.send(message, now);
  }

  private WechatBody body(WebhookRequest request) throws WebhookRejected {
    return cipher == null
        ? WechatBody.of(request.body())
        : WechatBody.of(open(cipher, encrypted(request)));
  }

  private void requireRecent(String timestamp, Instant now) throws WebhookRejected {
    if (!SECONDS.matcher(timestamp).matches()) {
      throw WebhookRejected.unauthenticated("timestamp is not a number of seconds");
    }
    long age = now.getEpochSecond() - Long.parseLong(timestamp);
    if (Math.abs(age) > window.toSeconds()) {
      throw WebhookRejected.unauthenticated(
          "timestamp is " + age + " s old, expected at most " + window.toSeconds());
    }
  }

  private void requireSigned(String signature, String... parts) throws WebhookRejected {
    boolean signed = false;
    for (String token : tokens) {
      String[] all = Arrays.copyOf(parts, parts.length + 1);
      all[parts.length] = token;
      signed |= WechatSignature.matches(signature, all);
    }
    if (!signed) {
      throw WebhookRejected.unauthenticated("signature differs");
    }
  }

  /** Before the signature is checked, a body that cannot be read is a stranger's. */
  private static String encryptedOfAnyone(WebhookRequest request) throws WebhookRejected {
    try {
      return encrypted(request);
    } catch (WebhookRejected e) {
      throw WebhookRejected.unauthenticated("no Encrypt field that the signature could cover");
    }
  }

  private static String encrypted(WebhookRequest request) throws WebhookRejected {
    return WechatBody.of(request.body())
        .text("Encrypt")
        .orElseThrow(
            () -> WebhookRejected.unauthenticated("body is plain, expected an Encrypt field"));
  }

  private static String open(WechatCipher cipher, String encrypted) throws WebhookRejected {
    return cipher
        .decrypt(encrypted)
        .orElseThrow(
            () -> WebhookRejected.unauthenticated("Encrypt is not for this account and key"));
  }

  private static String echo(WebhookRequest request) throws WebhookRejected {
    String echo =
        request
            .parameter("echostr")
            .orElseThrow(() -> WebhookRejected.malformed("echostr is missing"));
    if (echo.length() > MAX_ECHO) {
      throw WebhookRejected.malformed("echostr is longer than " + MAX_ECHO + " characters");
    }
    return echo;
  }

  private static String parameter(WebhookRequest request, String name) throws WebhookRejected {
    return request
        .parameter(name)
        .orElseThrow(() -> WebhookRejected.unauthenticated(name + " is missing"));
  }
}
