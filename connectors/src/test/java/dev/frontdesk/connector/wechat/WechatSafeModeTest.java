// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.WebhookRejected.Reason;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same contract with an EncodingAESKey, and what only safe mode has. */
class WechatSafeModeTest extends WechatPlainModeTest {

  private static final String KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
  private static final String OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  @Override
  String aesKey() {
    return KEY;
  }

  /** What does not fit into an envelope is refused before anything could be authentic. */
  @Override
  protected Map<String, Payload> bombs() {
    Map<String, Payload> bombs = super.bombs();
    bombs.values().removeIf(bomb -> bomb.body().length() > 190_000);
    return bombs;
  }

  @Test
  void envelope_pastTheBound_isUnauthenticated() {
    Payload bomb = super.bombs().get("10 MB text");

    assertThat(reason(signed(secret(0), bomb, NOW), NOW)).isEqualTo(Reason.UNAUTHENTICATED);
  }

  @Test
  void encrypt_changedAnywhere_isUnauthenticated() {
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    String body = good.body().toString();
    int from = body.indexOf("<Encrypt><![CDATA[") + 18;
    int to = body.indexOf("]]></Encrypt>");

    for (int i = from; i < to; i++) {
      char other = body.charAt(i) == 'A' ? 'B' : 'A';
      String changed = body.substring(0, i) + other + body.substring(i + 1);
      assertThat(reason(good.withBody(Buffer.buffer(changed)), NOW))
          .isEqualTo(Reason.UNAUTHENTICATED);
    }
  }

  @Test
  void body_inPlain_isUnauthenticatedWhenAKeyIsSet() {
    InboundSample plain =
        new WechatCustomer(APP_ID, secret(0), null, null, 1).signed(text("x", "m1").body(), NOW);

    assertThat(reason(plain, NOW)).isEqualTo(Reason.UNAUTHENTICATED);
  }

  @Test
  void plainPart_inCompatibleMode_isNotBelieved() throws Exception {
    InboundSample good = signed(secret(0), text("the encrypted one", "m1"), NOW);
    String body =
        good.body()
            .toString()
            .replace("</xml>", "<Content>forged</Content><MsgId>m9</MsgId></xml>");
    WebhookRequest request = good.withBody(Buffer.buffer(body)).request(WEBHOOK_URL);
    connector().verify(request, NOW);

    InboundEvent event = connector().decode(request, NOW).events().get(0);

    assertThat(event.key()).isEqualTo("m1");
    assertThat(((InboundEvent.Received) event).content().text()).isEqualTo("the encrypted one");
  }

  @Test
  void message_ofAnotherAccount_isUnauthenticated() {
    InboundSample other =
        new WechatCustomer("wx_other", secret(0), KEY, null, 1).signed(text("x", "m1").body(), NOW);

    assertThat(reason(other, NOW)).isEqualTo(Reason.UNAUTHENTICATED);
  }

  @Test
  void key_whileBeingChanged_decryptsInBothForms() throws Exception {
    Connector both =
        new WechatConnector(
            new WechatSettings(
                APP_ID,
                Secret.of("s"),
                Secret.of(secret(0)),
                Secret.of(KEY, OLD_KEY),
                "https://api.weixin.qq.com",
                Duration.ofMinutes(10),
                5),
            new dev.frontdesk.connector.ChannelContext(
                "acme", "c1", WEBHOOK_URL, null, null, Duration.ofSeconds(10)));
    for (String key : List.of(KEY, OLD_KEY)) {
      WebhookRequest request =
          new WechatCustomer(APP_ID, secret(0), key, null, 1)
              .signed(text("hi", "m1").body(), NOW)
              .request(WEBHOOK_URL);
      both.verify(request, NOW);
      assertThat(both.decode(request, NOW).events()).hasSize(1);
    }
  }

  @Test
  void cipher_ofAnyLength_roundTrips() {
    WechatCipher cipher = new WechatCipher(APP_ID, List.of(KEY));
    Random random = new Random(7);
    for (int length = 0; length < 200; length++) {
      String text = "退x".repeat(length).substring(0, length);
      byte[] prefix = new byte[16];
      random.nextBytes(prefix);
      assertThat(cipher.decrypt(cipher.encrypt(text, prefix))).contains(text);
    }
  }

  @Test
  void cipher_onNoise_saysNothing() {
    WechatCipher cipher = new WechatCipher(APP_ID, List.of(KEY));
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[16 * (1 + random.nextInt(8))];
      random.nextBytes(noise);
      assertThat(cipher.decrypt(java.util.Base64.getEncoder().encodeToString(noise))).isEmpty();
    }
    for (String odd : List.of("", "=", "A", "!!!!", "AAAA", "A".repeat(1_000_001))) {
      assertThat(cipher.decrypt(odd)).isEmpty();
    }
  }

  @Test
  void json_encrypted_isRead() throws Exception {
    String inner =
        "{\"FromUserName\":\"u\",\"CreateTime\":1,\"MsgType\":\"text\",\"Content\":\"\\u9000款\",\"MsgId\":9007199254740993}";
    InboundSample sample = users(secret(0)).signed(Buffer.buffer(inner), NOW);
    String encrypted = sample.body().toString();
    encrypted =
        encrypted.substring(
            encrypted.indexOf("<Encrypt><![CDATA[") + 18, encrypted.indexOf("]]></Encrypt>"));
    WebhookRequest request =
        new InboundSample(
                "POST",
                sample.path(),
                Map.of("Content-Type", "application/json"),
                Buffer.buffer("{\"Encrypt\":\"" + encrypted + "\"}"))
            .request(WEBHOOK_URL);
    connector().verify(request, NOW);

    InboundEvent event = connector().decode(request, NOW).events().get(0);

    assertThat(event.key()).isEqualTo("9007199254740993");
    assertThat(((InboundEvent.Received) event).content().text()).isEqualTo("退款");
    assertThat(encrypted.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
  }
}
