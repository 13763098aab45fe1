// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.load.IntakeTraffic;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A signed call of each kind, and the connector it goes to, as a configuration makes it. */
final class ConnectorCalls implements AutoCloseable {

  /** When the calls are signed. */
  static final Instant AT = Instant.parse("2026-11-22T03:04:05Z");

  /** Every connector that takes calls; {@code wechat-safe} is WeChat's encrypted mode. */
  static final List<String> NAMES =
      List.of(
          "webhook",
          "telegram",
          "line",
          "wechat-official",
          "wechat-safe",
          "twilio-sms",
          "twilio-voice",
          "email");

  private static final String WORKSPACE = "bench";
  private static final String URL = "https://desk.example.com/webhooks/bench/";
  private static final String SECRET = "whsec_YmVuY2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=";
  private static final String TOKEN = "bench-token-0123456789";
  private static final String AES_KEY = "ZnJvbnRkZXNrLWJlbmNoLW5vdC1hLXNlY3JldC0wMTI";
  private static final String SID = "AC00000000000000000000000000000001";
  private static final String NUMBER = "+14155550100";

  private static final String CONFIG =
      String.format(
          Locale.ROOT,
          """
          workspaces:
            bench:
              channels:
                webhook: { connector: webhook, settings: { secret: "%1$s" } }
                telegram: { connector: telegram, settings: { botToken: "%2$s", secretToken: "%2$s" } }
                line: { connector: line, settings: { channelSecret: "%2$s", channelAccessToken: t } }
                wechat-official:
                  { connector: wechat-official, settings: { appId: wxbench, appSecret: s, token: "%2$s" } }
                wechat-safe:
                  connector: wechat-official
                  settings: { appId: wxbench, appSecret: s, token: "%2$s", encodingAesKey: "%3$s" }
                twilio-sms:
                  { connector: twilio-sms, settings: { accountSid: "%4$s", authToken: "%2$s" } }
                twilio-voice:
                  { connector: twilio-voice, settings: { accountSid: "%4$s", authToken: "%2$s" } }
                email:
                  connector: email
                  settings:
                    address: desk@example.com
                    inbound: { postmark: { username: bench, password: "%2$s" } }
              promises: { normal: { firstResponse: 4h } }
              defaults: { queue: support, promise: normal }
              queues: { support: {} }
              agents: { alice: { token: alice-token-0123456789abcdef, queues: [support] } }
          """,
          SECRET,
          TOKEN,
          AES_KEY,
          SID);

  private final Vertx vertx = Vertx.vertx();
  private final ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
  private final LoadedConfig loaded =
      new ConfigLoader(Map.of(), catalog, new Conditions()).parse(CONFIG);

  /** The connector of the channel of that name. */
  Connector connector(String channel) {
    String name =
        Objects.requireNonNull(
                Objects.requireNonNull(loaded.config().workspaces().get(WORKSPACE))
                    .channels()
                    .get(channel))
            .connector();
    return create(catalog.factory(name), channel);
  }

  private <S extends Record> Connector create(ConnectorFactory<S> factory, String channel) {
    S settings = factory.settings().cast(loaded.settings(WORKSPACE, channel));
    WebClient client = WebClient.create(vertx);
    return factory.create(
        settings,
        new ChannelContext(
            WORKSPACE, channel, URL + channel, vertx, client, Duration.ofSeconds(10)));
  }

  /** A customer's message as its platform delivers it. */
  static WebhookRequest call(String channel) {
    return sample(channel).request(URL + channel);
  }

  private static InboundSample sample(String channel) {
    return switch (channel) {
      case "webhook" ->
          new WebhookCustomer(Secret.of(SECRET))
              .message("n4711", "Load n4711", IntakeTraffic.text(1, new Random(1)), "m1", AT);
      case "telegram" -> new TelegramCustomer(TOKEN).signed(body("telegram.json"));
      case "line" -> line(body("line.json"));
      case "wechat-official" ->
          new WechatCustomer("wxbench", TOKEN, null, null, 1)
              .signed(body("wechat-official.xml"), AT);
      case "wechat-safe" ->
          new WechatCustomer("wxbench", TOKEN, AES_KEY, null, 1)
              .signed(body("wechat-official.xml"), AT);
      case "twilio-sms" ->
          TwilioCustomer.writing(SID, TOKEN, NUMBER, URL + channel)
              .signed("", body("twilio-sms.form"));
      case "twilio-voice" ->
          TwilioCustomer.speaking(SID, TOKEN, NUMBER, URL + channel)
              .signed("", body("twilio-voice.form"));
      case "email" ->
          new PostmarkCustomer("bench", TOKEN, "desk@example.com")
              .posted(body("email.json").toString());
      default -> throw new IllegalArgumentException("no call of " + channel);
    };
  }

  private static InboundSample line(Buffer body) {
    byte[] key = TOKEN.getBytes(StandardCharsets.UTF_8);
    String signature =
        Base64.getEncoder().encodeToString(Signatures.hmacSha256(key, body.getBytes()));
    return new InboundSample("POST", "", Map.of("x-line-signature", signature), body);
  }

  private static Buffer body(String name) {
    try (InputStream in = ConnectorCalls.class.getResourceAsStream("/bench/" + name)) {
      return Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
