// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.Customer;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.LineApi;
import dev.frontdesk.connector.sandbox.LineCustomer;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.SmtpSink;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.TwilioApi;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.connector.sandbox.WechatApi;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The platforms' side of a scenario: who calls the gateway on each channel, and the stand-ins that
 * take the answers as strictly as the platforms do.
 */
final class Platforms implements AutoCloseable {

  private static final String APP = "wx0000000000000000";
  private static final String ACCOUNT = "AC00000000000000000000000000000000";
  private static final String NUMBER = "+15005550006";
  private static final String MAILBOX = "desk@load.example";
  private static final String WORD = "load-only-0123456789";
  private static final String LINE_TOKEN = "load-only-line-token";
  private static final String AES_KEY = "bG9hZC1vbmx5LWxvYWQtb25seS1sb2FkLW9ubHktMDA";
  private static final String BOT = "1000000:load-only-load-only-load-only-load-000";

  /** Load is the question here, not the quota of one bot. */
  private static final int TELEGRAM_PER_SECOND = 100_000;

  private static final List<String> HTTP =
      List.of("webhook", "wechat", "telegram", "line", "twilio");

  private final WechatApi wechat = new WechatApi(APP, WORD);
  private final FakePlatform http;
  private final SmtpSink mail;
  private final long seed;

  /** Starts the stand-ins. */
  Platforms(Vertx vertx, Scenario.Platforms terms, long seed) {
    this.seed = seed;
    List<PlatformApi> apis =
        List.of(
            wechat,
            new TelegramApi(BOT, TELEGRAM_PER_SECOND),
            new LineApi(LINE_TOKEN),
            new TwilioApi(ACCOUNT, WORD),
            new WebhookReceiver(Secret.of(LoadConfig.SECRET)));
    this.http = CrashRun.await(FakePlatform.start(vertx, Clock.systemUTC(), apis), 10);
    this.mail = CrashRun.await(SmtpSink.start(vertx, 0), 10);
    HTTP.forEach(name -> http.delay(name, terms.delay()));
  }

  /** The scenario's channels in a gateway's configuration, besides {@code hook}. */
  void configure(LoadConfig config, Scenario scenario) {
    config.sendUrl(http.url("webhook"));
    settings()
        .forEach(
            (channel, flow) -> {
              if (scenario.channels().containsKey(channel)) {
                config.channel(channel, flow);
              }
            });
  }

  private Map<String, String> settings() {
    Map<String, String> flows = new TreeMap<>();
    flows.put(
        "wechat",
        flow(
            "wechat-official",
            "appId: %s, appSecret: %s, token: %s, encodingAesKey: %s, apiBaseUrl: '%s'",
            APP,
            WORD,
            WORD,
            AES_KEY,
            http.url("wechat")));
    flows.put(
        "telegram",
        flow(
            "telegram",
            "botToken: '%s', secretToken: %s, apiBaseUrl: '%s'",
            BOT,
            WORD,
            http.url("telegram")));
    flows.put(
        "line",
        flow(
            "line",
            "channelSecret: %s, channelAccessToken: %s, apiBaseUrl: '%s'",
            WORD,
            LINE_TOKEN,
            http.url("line")));
    flows.put(
        "sms",
        flow(
            "twilio-sms",
            "accountSid: %s, authToken: %s, from: '%s', apiBaseUrl: '%s'",
            ACCOUNT,
            WORD,
            NUMBER,
            http.url("twilio")));
    flows.put(
        "email",
        flow(
            "email",
            "address: %s, inbound: { postmark: { username: frontdesk, password: %s } },"
                + " outbound: { smtp: { host: 127.0.0.1, port: %s, tls: none } }",
            MAILBOX,
            WORD,
            Integer.toString(mail.port())));
    return flows;
  }

  private static String flow(String connector, String pattern, String... values) {
    return "{ connector: "
        + connector
        + ", settings: { "
        + String.format(java.util.Locale.ROOT, pattern, (Object[]) values)
        + " } }";
  }

  /** Who calls a gateway on each channel. */
  Map<String, Line> lines(URI gateway) {
    Map<String, Line> lines = new HashMap<>();
    line(lines, "webhook", new WebhookCustomer(Secret.of(LoadConfig.SECRET)), "u%d", "m%i", "m%i");
    line(lines, "wechat", new WechatCustomer(APP, WORD, AES_KEY, wechat, seed), "o-%d", "%i", "%i");
    line(lines, "telegram", new TelegramCustomer(WORD), "5%08d", "%i", "%c:%i");
    line(lines, "line", new LineCustomer(WORD), "U%032x", "%i", "%i");
    Customer sms =
        TwilioCustomer.writing(ACCOUNT, WORD, NUMBER, gateway.resolve(path("sms")).toString());
    // its sids are two letters and the message's id, which has 32 digits for that
    lines.put("sms", new Line(path("sms"), sms, "+1415%08d", "%i", "SM%p", "MM%p"));
    lines.put(
        "email",
        new Line(
            path("email"),
            new PostmarkCustomer("frontdesk", WORD, MAILBOX),
            "p%d@customer.example",
            "e%i",
            "e%i",
            "e%i#1"));
    return lines;
  }

  private static void line(
      Map<String, Line> lines,
      String channel,
      Customer customer,
      String contact,
      String external,
      String stored) {
    lines.put(channel, new Line(path(channel), customer, contact, external, stored, stored));
  }

  private static String path(String channel) {
    String id = channel.equals("webhook") ? LoadConfig.CHANNEL : channel;
    return "/webhooks/" + LoadConfig.WORKSPACE + "/" + id;
  }

  /** The text of everything that was taken, each time it was. */
  List<String> taken() {
    List<String> texts = new ArrayList<>();
    HTTP.forEach(name -> http.sent(name).forEach(sent -> texts.add(sent.text())));
    mail.mails().forEach(one -> texts.add(one.content()));
    return texts;
  }

  /** Whether a stand-in took more than it remembers, so that no account is possible. */
  boolean isForgetful() {
    return mail.count() > SmtpSink.MAX_KEPT
        || HTTP.stream().anyMatch(name -> http.sentCount(name) > FakePlatform.MAX_KEPT);
  }

  @Override
  public void close() {
    CrashRun.await(http.close().compose(closed -> mail.close()), 10);
  }
}
