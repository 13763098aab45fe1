// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.connector.email.EmailSettings;
import dev.frontdesk.connector.sandbox.Customer;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WechatApi;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import dev.frontdesk.connector.twilio.TwilioSmsConnector;
import dev.frontdesk.connector.twilio.TwilioVoiceConnector;
import dev.frontdesk.connector.wechat.WechatSettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How customers of each channel that has a webhook reach us: who they are there, and under which id
 * the gateway stores what they send. For one thread, that of the scheduler.
 */
final class DemoLines {

  /** Callers' numbers begin like this, those of people who write texts do not. */
  static final String CALLERS = "+1415200";

  private static final String WRITERS = "+1415300";
  private static final long FIRST_NUMBER = 7_000_000;

  private final Map<String, Line> lines;
  private final TwilioCustomer callers;
  private final WebhookCalls calls;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private long number = FIRST_NUMBER;

  /** Who a person is on a channel, and how the gateway names what they send. */
  private record Line(Customer customer, Form contact, Form stored) {}

  /** {@code %d} is the person's number, {@code %s} the message's id. */
  private record Form(String pattern) {
    String of(int person, String message) {
      return pattern.replace("%d", Integer.toString(1_000 + person)).replace("%s", message);
    }
  }

  DemoLines(
      DemoSettings settings,
      WechatApi wechat,
      URI gateway,
      WebhookCalls calls,
      ScheduledExecutorService scheduler,
      InstantSource clock) {
    this.calls = calls;
    this.scheduler = scheduler;
    this.clock = clock;
    this.callers = callers(settings.phone(), gateway);
    this.lines =
        Map.of(
            "wechat",
            new Line(wechat(settings.wechat(), wechat), new Form("o-demo-%d"), new Form("%s")),
            "telegram",
            new Line(
                new TelegramCustomer(settings.telegram().secretToken().newest()),
                new Form("5%d"),
                new Form("5%d:%s")),
            "sms",
            new Line(
                writers(settings.sms(), gateway),
                new Form(WRITERS + "%d"),
                new Form("SM" + "0".repeat(25) + "%s")),
            "phone",
            new Line(callers, new Form(CALLERS + "%d"), new Form("CA" + "0".repeat(25) + "%s")),
            "mail",
            new Line(mail(settings.mail()), new Form("p%d@customer.example"), new Form("%s")),
            "hook",
            new Line(
                new WebhookCustomer(settings.hook().secret()), new Form("u%d"), new Form("%s")));
  }

  private static Customer wechat(WechatSettings settings, WechatApi api) {
    return new WechatCustomer(
        settings.appId(),
        settings.token().newest(),
        settings.encodingAesKey() == null ? null : settings.encodingAesKey().newest(),
        api,
        FIRST_NUMBER);
  }

  private static TwilioCustomer writers(TwilioSmsConnector.Settings settings, URI gateway) {
    return TwilioCustomer.writing(
        settings.accountSid(),
        settings.authToken().newest(),
        String.valueOf(settings.from()),
        WebhookCalls.address(gateway, "sms"));
  }

  private static TwilioCustomer callers(TwilioVoiceConnector.Settings settings, URI gateway) {
    return TwilioCustomer.speaking(
        settings.accountSid(),
        settings.authToken().newest(),
        String.valueOf(settings.from()),
        WebhookCalls.address(gateway, "phone"));
  }

  private static Customer mail(EmailSettings settings) {
    EmailSettings.Postmark postmark = settings.inbound().postmark();
    return new PostmarkCustomer(
        postmark.username(), postmark.password().newest(), settings.address());
  }

  /** A person on one of these channels. */
  Chat open(String channel, int person) {
    Line line = lines.get(channel);
    if (line == null) {
      throw new IllegalArgumentException("no line " + channel + ", expected " + lines.keySet());
    }
    return channel.equals("phone")
        ? words -> call(line, person)
        : words -> write(channel, line, person, words);
  }

  private void write(String channel, Line line, int person, String words) {
    String id = Long.toString(++number);
    calls.make(
        channel,
        line.customer()
            .message(line.contact().of(person, id), "Person " + person, words, id, clock.instant()),
        line.stored().of(person, id));
  }

  /** Every third caller hangs up at the greeting; the others speak for a while. */
  private void call(Line line, int person) {
    String id = Long.toString(++number);
    String contact = line.contact().of(person, id);
    int seconds = person % 3 == 0 ? 0 : 4 + person % 20;
    calls.make(
        "phone",
        callers.message(contact, "", "", id, clock.instant()),
        line.stored().of(person, id));
    if (seconds > 0) {
      later(800, () -> calls.make("phone", callers.voicemail(contact, id, seconds), null));
    }
    String ended = line.stored().of(person, id) + ":completed";
    later(1_200, () -> calls.make("phone", callers.callEnded(contact, id, seconds + 2), ended));
  }

  private void later(long millis, Runnable task) {
    var unused = scheduler.schedule(task, millis, TimeUnit.MILLISECONDS);
  }
}
