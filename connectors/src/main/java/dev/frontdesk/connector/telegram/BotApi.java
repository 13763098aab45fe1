// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.TransportFailure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;

/** Calls the Bot API (https://core.telegram.org/bots/api#making-requests). */
final class BotApi {

  private final String address;
  private final WebClient client;

  BotApi(String apiBaseUrl, Secret botToken, WebClient client) {
    this.address = HttpUrl.below(apiBaseUrl, "/bot" + botToken.newest() + "/");
    this.client = client;
  }

  /**
   * Sends once. A group that became a supergroup has a new id, which Telegram's refusal names:
   * nothing was sent then, so the same message goes to the id it named, once.
   */
  Future<SendResult> send(OutboundMessage message) {
    return BotCall.of(message)
        .fold(
            call ->
                call(call)
                    .compose(
                        answer ->
                            answer
                                .migratedTo()
                                .map(chat -> call(call.to(chat)))
                                .orElse(Future.succeededFuture(answer)))
                    .map(BotAnswer::result)
                    .otherwise(TransportFailure::classify),
            Future::succeededFuture);
  }

  private Future<BotAnswer> call(BotCall call) {
    ObjectNode body = call.body();
    return client
        .postAbs(address + call.method())
        .followRedirects(false)
        .putHeader("content-type", "application/json")
        .sendBuffer(Buffer.buffer(body.toString()))
        .map(response -> BotAnswer.of(response.statusCode(), response.body()));
  }
}
