// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.TransportFailure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Customer-service messages: {@code POST /cgi-bin/message/custom/send}.
 *
 * <p>A refused token is replaced and the message sent once more; nothing else is repeated here. A
 * text past {@value #MAX_TEXT_BYTES} bytes is refused rather than split: each part would use up one
 * of the few messages the platform allows, and a failure between two could not be told.
 */
final class WechatSender {

  /** Longer texts get errcode 45002. */
  static final int MAX_TEXT_BYTES = 2_048;

  private final AccessToken token;
  private final WebClient client;
  private final String address;

  WechatSender(WechatSettings settings, ChannelContext context) {
    this.token = new AccessToken(settings, context.client(), context.vertx());
    this.client = context.client();
    this.address = HttpUrl.below(settings.apiBaseUrl(), "/cgi-bin/message/custom/send");
  }

  Future<SendResult> send(OutboundMessage message, Instant now) {
    Optional<SendResult> refusal = refusal(message.content());
    if (refusal.isPresent()) {
      return Future.succeededFuture(refusal.get());
    }
    JsonObject body = body(message);
    return token
        .current(now)
        .recover(cause -> Future.failedFuture(new NothingSent(cause)))
        .compose(current -> post(body, current, now))
        .otherwise(WechatSender::failed);
  }

  private Future<SendResult> post(JsonObject body, String current, Instant now) {
    return call(body, current, now)
        .compose(
            reply ->
                reply.refusesToken()
                    ? repost(body, current, now)
                    : Future.succeededFuture(reply.result()));
  }

  private Future<SendResult> repost(JsonObject body, String stale, Instant now) {
    return token
        .replacing(stale, now)
        .recover(cause -> Future.failedFuture(new NothingSent(cause)))
        .compose(fresh -> call(body, fresh, now))
        .map(PlatformReply::result);
  }

  // The platform shows an escaped character as its escape. Written as bytes, Jackson escapes what
  // is outside the BMP (emoji); written as a string, nothing.
  private Future<PlatformReply> call(JsonObject body, String accessToken, Instant now) {
    return client
        .postAbs(address)
        .addQueryParam("access_token", accessToken)
        .putHeader("content-type", "application/json; charset=utf-8")
        .sendBuffer(Buffer.buffer(body.encode()))
        .map(response -> PlatformReply.of(response, now));
  }

  private static JsonObject body(OutboundMessage message) {
    JsonObject body = new JsonObject().put("touser", message.contact().externalId());
    if (message.content() instanceof MessageContent.Choice choice) {
      JsonArray list = new JsonArray();
      choice
          .options()
          .forEach(o -> list.add(new JsonObject().put("id", o.id()).put("content", o.label())));
      return body.put("msgtype", "msgmenu")
          .put("msgmenu", new JsonObject().put("head_content", choice.text()).put("list", list));
    }
    return body.put("msgtype", "text")
        .put("text", new JsonObject().put("content", message.content().text()));
  }

  private static Optional<SendResult> refusal(MessageContent content) {
    if (!(content instanceof MessageContent.Text) && !(content instanceof MessageContent.Choice)) {
      return refused(
          "unsupported", "content of kind " + content.kind() + ", expected text or choice");
    }
    int bytes = content.text().getBytes(StandardCharsets.UTF_8).length;
    if (content.text().isBlank()) {
      return refused("empty", "text is empty");
    }
    return bytes <= MAX_TEXT_BYTES
        ? Optional.empty()
        : refused("too-long", "text of " + bytes + " bytes, expected at most " + MAX_TEXT_BYTES);
  }

  private static Optional<SendResult> refused(String code, String reason) {
    return Optional.of(new SendResult.Rejected(Cause.CONTENT, code, reason));
  }

  private static SendResult failed(Throwable cause) {
    if (!(cause instanceof NothingSent nothing)) {
      return TransportFailure.classify(cause);
    }
    return nothing.why instanceof AccessToken.TokenRefused refused
        ? tokenless(refused.reply())
        : SendResult.Retry.unreached("no access token: " + nameOf(nothing.why));
  }

  /** Without a token nothing was sent, so what would be unknown for a send may be repeated. */
  private static SendResult tokenless(PlatformReply reply) {
    SendResult result = reply.result();
    return result instanceof SendResult.Rejected
        ? result
        : new SendResult.Retry("no access token: HTTP " + reply.status(), null);
  }

  // Only the kind of failure: the message of some of them contains the address and so the token.
  private static String nameOf(Throwable cause) {
    return cause.getClass().getSimpleName();
  }

  /** The failure came before the message left. */
  private static final class NothingSent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Throwable why;

    NothingSent(Throwable why) {
      super("nothing sent", why, false, false);
      this.why = why;
    }
  }
}
