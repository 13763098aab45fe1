// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.WebhookAnswer;
import java.time.Duration;

/** Answers in TwiML (https://www.twilio.com/docs/voice/twiml). */
final class TwiMl {

  /** Nothing to say: without it Twilio would log an error for the call. */
  static final WebhookAnswer NOTHING = answer("<Response/>");

  /** Ends a call. */
  static final WebhookAnswer HANG_UP = answer("<Response><Hangup/></Response>");

  private TwiMl() {}

  /** Speaks, then records until the caller is silent for 5 s or hangs up. */
  static WebhookAnswer voicemail(
      String language, String greeting, Duration longest, String webhook) {
    return answer(
        "<Response>"
            + say(language, greeting)
            + "<Record action=\""
            + escape(webhook + TwilioVoiceConnector.VOICEMAIL)
            + "\" method=\"POST\" playBeep=\"true\" timeout=\"5\" maxLength=\""
            + longest.toSeconds()
            + "\"/><Hangup/></Response>");
  }

  private static String say(String language, String words) {
    return words.isEmpty()
        ? ""
        : "<Say language=\"" + escape(language) + "\">" + escape(words) + "</Say>";
  }

  private static WebhookAnswer answer(String response) {
    return WebhookAnswer.ok("text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + response);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
