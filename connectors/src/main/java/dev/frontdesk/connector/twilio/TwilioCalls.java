// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.HttpUrl;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What both Twilio connectors do with a call by Twilio and with their settings. */
final class TwilioCalls {

  static final String API = "https://api.twilio.com";

  /** Characters of a sid; Twilio's have 34. */
  static final int MAX_SID = 64;

  /** Characters of an address: a number, a name, {@code whatsapp:…}, {@code sip:…}. */
  static final int MAX_ADDRESS = 256;

  private TwilioCalls() {}

  /** The parameters of an authentic call: of its form, or of its query when it was a GET. */
  static TwilioForm parameters(WebhookRequest request) throws WebhookRejected {
    if (request.method().equals("GET")) {
      return TwilioForm.of(request.query());
    }
    if (!request.method().equals("POST")) {
      throw new WebhookRejected(WebhookRejected.Reason.METHOD, "expected POST or GET");
    }
    String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    return type.contains("json") ? TwilioForm.empty() : TwilioForm.parse(request.body().getBytes());
  }

  static WebhookRejected notFound() {
    return new WebhookRejected(WebhookRejected.Reason.NOT_FOUND, "nothing lives below this path");
  }

  /**
   * Checks what the settings of both have in common.
   *
   * @throws IllegalArgumentException naming the key, what is wrong and what was expected
   */
  static void requireValid(
      String accountSid,
      Secret authToken,
      @Nullable String from,
      @Nullable String publicUrl,
      String apiBaseUrl) {
    if (!accountSid.matches("[A-Za-z0-9]{1,64}")) {
      throw new IllegalArgumentException("accountSid is none, expected AC and 32 characters");
    }
    if (authToken.newest().isBlank()) {
      throw new IllegalArgumentException("authToken is blank, expected the account's token");
    }
    if (from != null && from.isBlank()) {
      throw new IllegalArgumentException("from is blank, expected a number such as +14155550100");
    }
    if (publicUrl != null) {
      HttpUrl.require("publicUrl", publicUrl);
    }
    HttpUrl.require("apiBaseUrl", apiBaseUrl);
    PhoneAddress.load();
  }
}
