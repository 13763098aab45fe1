// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Choice;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.MessageContent.Text;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.TransportFailure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Creates messages at Twilio (https://www.twilio.com/docs/messaging/api/message-resource). Twilio
 * has no idempotency key here: what got no answer is unknown and is not sent again.
 */
final class TwilioMessages {

  /** Characters of a body; a longer one is error 21617. */
  static final int MAX_BODY = 1_600;

  private final String address;
  private final String accountSid;
  private final Secret authToken;
  private final String statusCallback;
  private final WebClient client;

  TwilioMessages(
      String apiBaseUrl,
      String accountSid,
      Secret authToken,
      String statusCallback,
      WebClient client) {
    this.address =
        HttpUrl.below(apiBaseUrl, "/2010-04-01/Accounts/" + accountSid + "/Messages.json");
    this.accountSid = accountSid;
    this.authToken = authToken;
    this.statusCallback = statusCallback;
    this.client = client;
  }

  /**
   * @param from a number of ours, or the sid of a messaging service ({@code MG…})
   */
  Future<SendResult> send(OutboundMessage message, String from, Instant now) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("To", message.contact().externalId());
    parameters.put(from.startsWith("MG") ? "MessagingServiceSid" : "From", from);
    parameters.put("StatusCallback", statusCallback);
    String refusal = content(parameters, message.content());
    if (!refusal.isEmpty()) {
      return Future.succeededFuture(new SendResult.Rejected(Cause.CONTENT, "content", refusal));
    }
    return client
        .postAbs(address)
        .followRedirects(false)
        .basicAuthentication(accountSid, authToken.newest())
        .putHeader("content-type", "application/x-www-form-urlencoded")
        .sendBuffer(Buffer.buffer(TwilioForm.encode(parameters)))
        .map(
            response ->
                MessagesAnswer.classify(
                    response.statusCode(), response.body(), response.getHeader("retry-after"), now))
        .otherwise(TransportFailure::classify);
  }

  /** Adds the content; answers why Twilio cannot take it, or nothing. */
  private static String content(Map<String, String> parameters, MessageContent content) {
    String body = "";
    if (content instanceof Text text) {
      body = text.text();
    } else if (content instanceof Choice choice) {
      body = inWords(choice);
    } else if (content instanceof Media media && media.url() != null) {
      parameters.put("MediaUrl", media.url());
      body = media.text();
    } else {
      return "Twilio takes text, choice and media with a url, not " + content.kind();
    }
    if (body.length() > MAX_BODY) {
      return "body has " + body.length() + " characters, expected at most " + MAX_BODY;
    }
    if (body.isBlank() && !parameters.containsKey("MediaUrl")) {
      return "body is empty, expected text";
    }
    if (!body.isEmpty()) {
      parameters.put("Body", body);
    }
    return "";
  }

  /** A text message has no buttons: the options stand below the question, numbered. */
  private static String inWords(Choice choice) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(choice.text());
    int number = 1;
    for (Choice.Option option : choice.options()) {
      lines.add(number++ + ". " + option.label());
    }
    return lines.toString();
  }
}
