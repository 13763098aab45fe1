// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.PlatformApi.Sent;
import dev.frontdesk.connector.sandbox.SmtpSink;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TwilioApi;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.connector.sandbox.WechatApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The platforms' side: stand-ins of their send APIs, and what they took. */
final class DemoPlatforms {

  private final FakePlatform http;
  private final SmtpSink mail;
  private final WechatApi wechat;

  private DemoPlatforms(FakePlatform http, SmtpSink mail, WechatApi wechat) {
    this.http = http;
    this.mail = mail;
    this.wechat = wechat;
  }

  /** Starts them on free ports of this machine. */
  static Future<DemoPlatforms> start(Vertx vertx, InstantSource clock, DemoSettings settings) {
    WechatApi wechat =
        new WechatApi(settings.wechat().appId(), settings.wechat().appSecret().newest());
    return FakePlatform.start(
            vertx,
            clock,
            List.of(
                wechat,
                new TelegramApi(settings.telegram().botToken().newest()),
                new TwilioApi(settings.sms().accountSid(), settings.sms().authToken().newest()),
                new WebhookReceiver(settings.hook().secret())))
        .compose(
            http -> SmtpSink.start(vertx, 0).map(mail -> new DemoPlatforms(http, mail, wechat)));
  }

  /** What the gateway's configuration needs to know of them. */
  Map<String, String> environment() {
    return Map.of(
        "DEMO_PLATFORMS",
        "http://127.0.0.1:" + http.port(),
        "DEMO_SMTP_PORT",
        Integer.toString(mail.port()));
  }

  /** The account whose users must have written before they can be written to. */
  WechatApi wechat() {
    return wechat;
  }

  /** Text messages taken so far. */
  List<Sent> texts() {
    return http.sent("twilio");
  }

  /**
   * Replies taken, by channel. The two phone channels share a platform: contacts tell them apart.
   */
  Map<String, Long> taken() {
    Map<String, Long> taken = new HashMap<>();
    taken.put("wechat", http.sentCount("wechat"));
    taken.put("telegram", http.sentCount("telegram"));
    taken.put("hook", http.sentCount("webhook"));
    taken.put("mail", mail.count());
    long callers =
        texts().stream().filter(sent -> sent.contact().startsWith(DemoLines.CALLERS)).count();
    taken.put("phone", callers);
    taken.put("sms", http.sentCount("twilio") - callers);
    return taken;
  }

  Future<Void> close() {
    return http.close().compose(closed -> mail.close());
  }
}
