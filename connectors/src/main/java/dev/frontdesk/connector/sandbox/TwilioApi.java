// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Twilio's message resource ({@code …/twilio/2010-04-01/Accounts/<sid>/Messages.json}). Twilio
 * queues what one number cannot send at once, so there is no rate but that of the account.
 */
public final class TwilioApi implements PlatformApi {

  private final String accountSid;
  private final String authorization;
  private final Set<String> optedOut = ConcurrentHashMap.newKeySet();
  private final Quota perAccount = new Quota(1_000, Duration.ofSeconds(1));
  private long lastMessage;

  public TwilioApi(String accountSid, String authToken) {
    this.accountSid = accountSid;
    String pair = accountSid + ":" + authToken;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    return "twilio";
  }

  /** A number whose owner wrote STOP. */
  public void optOut(String number) {
    optedOut.add(number);
  }

  @Override
  public Reply answer(Call call) {
    if (!authorization.equals(call.headers().get("authorization"))) {
      return error(401, 20003, "Authenticate");
    }
    String path = "/2010-04-01/Accounts/" + accountSid + "/Messages.json";
    if (!call.method().equals("POST") || !call.path().equals(path)) {
      return error(404, 20404, "The requested resource was not found");
    }
    String type = String.valueOf(call.headers().get("content-type"));
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      return error(400, 21604, "A 'To' phone number is required.");
    }
    Map<String, List<String>> form =
        new QueryStringDecoder(call.body().toString(StandardCharsets.UTF_8), false).parameters();
    String refusal = refusal(form);
    if (!refusal.isEmpty()) {
      return error(400, Integer.parseInt(refusal), "refused");
    }
    return perAccount.take("", call.at()) ? take(call, form) : throttled(Duration.ofSeconds(1));
  }

  private Reply take(Call call, Map<String, List<String>> form) {
    String sid = hexadecimal(++lastMessage);
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("sid", sid)
            .put("status", "queued")
            .put("to", value(form, "To"))
            .put("from", value(form, "From"))
            .put("body", value(form, "Body"))
            .putNull("error_code")
            .toString();
    return Reply.json(201, body)
        .taking(new Sent(value(form, "To"), value(form, "Body"), null, sid, call.at()));
  }

  /** The code of Twilio's refusal, or nothing. */
  private String refusal(Map<String, List<String>> form) {
    String to = value(form, "To");
    String from = value(form, "From");
    if (to.isEmpty()) {
      return "21604";
    }
    if (!to.matches("(whatsapp:)?\\+[1-9][0-9]{6,14}")) {
      return "21211";
    }
    if (from.isEmpty() && value(form, "MessagingServiceSid").isEmpty()) {
      return "21603";
    }
    if (!from.isEmpty() && !from.matches("(whatsapp:)?\\+[1-9][0-9]{6,14}|[0-9]{5,6}")) {
      return "21212";
    }
    if (value(form, "Body").isEmpty() && value(form, "MediaUrl").isEmpty()) {
      return "21602";
    }
    if (value(form, "Body").length() > 1_600) {
      return "21617";
    }
    String callback = value(form, "StatusCallback");
    if (!callback.isEmpty() && !callback.startsWith("http")) {
      return "21609";
    }
    return optedOut.contains(to) ? "21610" : "";
  }

  @Override
  public Reply throttled(Duration after) {
    return error(429, 20429, "Too Many Requests")
        .withHeader("Retry-After", Long.toString(after.toSeconds()));
  }

  private static Reply error(int status, int code, String message) {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code)
            .put("message", message)
            .put("more_info", "https://www.twilio.com/docs/errors/" + code)
            .put("status", status)
            .toString();
    return Reply.json(status, body);
  }

  private static String value(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).get(0);
  }

  private static String hexadecimal(long number) {
    String digits = Long.toHexString(number);
    return "SM" + "0".repeat(32 - digits.length()) + digits;
  }
}
