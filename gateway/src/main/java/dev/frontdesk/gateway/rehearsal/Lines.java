// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.Customer;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.TwilioApi;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.connector.sandbox.WechatApi;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of channels that can be rehearsed: settings that agree with the stand-ins, and somebody
 * who writes. A connector that is not here is not rehearsed; nothing else follows from that.
 */
final class Lines {

  private static final String APP = "wx0000000000000000";
  private static final String ACCOUNT = "AC00000000000000000000000000000000";
  private static final String NUMBER = "+15005550006";
  private static final String MAILBOX = "desk@rehearsal.example";
  private static final String WORD = "rehearsal-only-0123456789";
  private static final String AES_KEY = "cmVoZWFyc2FsLW9ubHktMDEyMzQ1Njc4OWFiY2RlZgA";
  private static final String BOT = "1000000:rehearsal-only-rehearsal-only-00000";
  private static final String SIGNING = "whsec_cmVoZWFyc2FsLW9ubHktMDEyMzQ1Njc4OWFiY2RlZg==";

  private final WechatApi wechat = new WechatApi(APP, WORD);

  /**
   * One kind.
   *
   * @param settings of its channel; {@code @web} and {@code @mail} stand for the stand-ins' ports
   * @param contact of a person, whose number replaces {@code %d}
   * @param customer makes the calls to a webhook's address; null: this channel has none
   */
  record Line(
      String connector,
      String settings,
      String contact,
      @Nullable Function<String, Customer> customer) {

    String settings(int web, int mail) {
      return settings
          .replace("@web", "http://127.0.0.1:" + web)
          .replace("@mail", Integer.toString(mail));
    }

    String contact(int person) {
      return String.format(Locale.ROOT, contact, person);
    }
  }

  private static String text(String pattern, String... words) {
    return String.format(Locale.ROOT, pattern, (Object[]) words);
  }

  /** The stand-ins the settings name. */
  List<PlatformApi> platforms() {
    return List.of(
        wechat,
        new TelegramApi(BOT),
        new TwilioApi(ACCOUNT, WORD),
        new WebhookReceiver(Secret.of(SIGNING)));
  }

  List<Line> all() {
    String twilio =
        text(
            "accountSid: %s, authToken: %s, from: '%s', apiBaseUrl: '@web/twilio'",
            ACCOUNT, WORD, NUMBER);
    return List.of(
        new Line(
            "webhook",
            text("secret: '%s', sendUrl: '@web/webhook'", SIGNING),
            "u%d",
            url -> new WebhookCustomer(Secret.of(SIGNING))),
        new Line(
            "wechat-official",
            text(
                "appId: %s, appSecret: %s, token: %s, encodingAesKey: %s, apiBaseUrl: '@web/wechat'",
                APP, WORD, WORD, AES_KEY),
            "o-rehearsal-%d",
            url -> new WechatCustomer(APP, WORD, AES_KEY, wechat, 1)),
        new Line(
            "telegram",
            text("botToken: '%s', secretToken: %s, apiBaseUrl: '@web/telegram'", BOT, WORD),
            "5%d",
            url -> new TelegramCustomer(WORD)),
        new Line(
            "twilio-sms",
            twilio,
            "+1415300%04d",
            url -> TwilioCustomer.writing(ACCOUNT, WORD, NUMBER, url)),
        new Line(
            "twilio-voice",
            twilio,
            "+1415200%04d",
            url -> TwilioCustomer.speaking(ACCOUNT, WORD, NUMBER, url)),
        new Line(
            "email",
            text(
                "address: %s, inbound: { postmark: { username: frontdesk, password: %s } },"
                    + " outbound: { smtp: { host: 127.0.0.1, port: @mail, tls: none } }",
                MAILBOX, WORD),
            "p%d@customer.example",
            url -> new PostmarkCustomer("frontdesk", WORD, MAILBOX)),
        new Line("webchat", text("allowedOrigins: ['*'], identitySecret: %s", WORD), "v%d", null));
  }
}
