// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Forms as Twilio posts them, for the tests of both connectors. */
final class TwilioForms {

  private TwilioForms() {}

  static Payload payload(String name, Map<String, String> form) {
    return Payload.form(name, TwilioForm.encode(new TreeMap<>(form)));
  }

  /** A form that Twilio's decoder cannot read either is signed as if it were empty. */
  static InboundSample signed(
      String accountSid, String secret, String number, String webhookUrl, Payload payload) {
    TwilioCustomer twilio = TwilioCustomer.writing(accountSid, secret, number, webhookUrl);
    try {
      var unused = TwilioForm.parse(payload.body().getBytes());
      return twilio.signed(payload.path(), payload.body());
    } catch (WebhookRejected e) {
      return twilio.signed(payload.path(), Map.of()).withBody(payload.body());
    }
  }

  /** Forms that are signed well and make no sense; {@code good} is one that does. */
  static Map<String, Payload> bombs(Map<String, String> good) {
    Map<String, Payload> bombs = new LinkedHashMap<>();
    good.keySet()
        .forEach(
            name -> {
              Map<String, String> form = new TreeMap<>(good);
              form.put(name, "a\0b");
              bombs.put("NUL in " + name, payload(name, form));
            });
    for (String name : new String[] {"From", "MessageSid", "CallSid"}) {
      if (good.containsKey(name)) {
        Map<String, String> endless = new TreeMap<>(good);
        endless.put(name, "9".repeat(100_000));
        bombs.put("endless " + name, payload(name, endless));
        Map<String, String> without = new TreeMap<>(good);
        without.remove(name);
        if (!name.equals("From") || good.containsKey("Body")) {
          bombs.put("no " + name, payload(name, without));
        }
      }
    }
    return bombs;
  }
}
