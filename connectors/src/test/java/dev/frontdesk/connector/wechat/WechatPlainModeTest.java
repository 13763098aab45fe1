// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.PlatformApi.Reply;
import dev.frontdesk.connector.sandbox.WechatApi;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WechatPlainModeTest extends ConnectorContract {

  static final String APP_ID = "wx0123456789abcdef";
  private static final String USER = "openid-1";

  private WechatApi api;

  /** Null in plain mode. */
  @Nullable String aesKey() {
    return null;
  }

  @Override
  protected ConnectorFactory<?> factory() {
    return new WechatOfficial();
  }

  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new WechatSettings(
        APP_ID,
        secret,
        secret,
        aesKey() == null ? null : Secret.of(aesKey()),
        apiBaseUrl,
        Duration.ofMinutes(10),
        5);
  }

  @Override
  protected String secret(int number) {
    return number == 0 ? "token-zero-4d1f" : "token-one-77ab";
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    return users(secret).signed(payload.body(), at);
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of(); // the signature is in the query: see query_changed_isUnauthenticated
  }

  @Override
  protected boolean signatureCoversBody() {
    return false; // plain: not at all; safe: the Encrypt field only, not what stands around it
  }

  @Override
  protected Payload text(String text, String externalId) {
    return xml(
        "<MsgType>text</MsgType><Content><![CDATA["
            + text.replace("]]>", "]]]]><![CDATA[>")
            + "]]></Content><MsgId>"
            + externalId
            + "</MsgId>");
  }

  @Override
  protected Payload unknownKind() {
    return xml("<MsgType>hologram</MsgType><MsgId>m1</MsgId>");
  }

  @Override
  protected PlatformApi platform(String secret) {
    WechatApi fresh = new WechatApi(APP_ID, secret);
    fresh.allow(USER, 5, NOW.plus(Duration.ofDays(2)));
    return fresh;
  }

  @BeforeEach
  void mountApi() {
    api = (WechatApi) platform(secret(0));
    platform().mount(api);
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of(USER);
  }

  @Override
  protected Map<String, Payload> bombs() {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("empty", "");
    bodies.put("no document", "hello");
    bodies.put("truncated", "<xml><MsgType>te");
    bodies.put("JSON list", "[]");
    bodies.put("deep JSON", "{\"a\":" + "[".repeat(100_000));
    bodies.put("deep XML", "<a>".repeat(30_000));
    bodies.put("many elements", "<xml>" + "<a/>".repeat(50_000) + "</xml>");
    bodies.put("doctype", "<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>");
    bodies.put("billion laughs", billionLaughs());
    bodies.put("10 MB attribute", "<xml a=\"" + "x".repeat(10_000_000) + "\"></xml>");
    bodies.put("attribute", "<xml><MsgType a=\"1\">text</MsgType></xml>");
    bodies.put("10 MB text", "<xml><Content>" + "x".repeat(10_000_000) + "</Content></xml>");
    bodies.put("undeclared entity", "<xml><Content>&nbsp;</Content></xml>");
    bodies.put("NUL", "<xml><Content>a\0b</Content></xml>");
    Map<String, Payload> bombs = new LinkedHashMap<>();
    bodies.forEach(
        (name, body) ->
            bombs.put(name, new Payload(name, "", "text/xml", Buffer.buffer(body), null)));
    return bombs;
  }

  @Test
  void query_changed_isUnauthenticated() throws Exception {
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    connector().verify(good.request(WEBHOOK_URL), NOW);

    int tried = 0;
    for (int i = 1; i < good.path().length(); i++) {
      char c = good.path().charAt(i);
      String changed =
          good.path().substring(0, i) + (c == '0' ? '1' : '0') + good.path().substring(i + 1);
      InboundSample other = new InboundSample(good.method(), changed, good.headers(), good.body());
      if (matters(good, other)) {
        tried++;
        assertThat(reason(other, NOW))
            .as(changed)
            .isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
      }
    }
    assertThat(tried).isGreaterThan(60);
  }

  /** Changes of parameters that are checked; in safe mode {@code signature} is not one of them. */
  private boolean matters(InboundSample good, InboundSample other) {
    Map<String, List<String>> before = good.request(WEBHOOK_URL).query();
    Map<String, List<String>> after = other.request(WEBHOOK_URL).query();
    return Set.of("timestamp", "nonce", aesKey() == null ? "signature" : "msg_signature").stream()
        .anyMatch(name -> !before.get(name).equals(after.get(name)));
  }

  @Test
  void timestamp_outsideTheWindow_isUnauthenticated() {
    InboundSample sample = signed(secret(0), text("hello", "m1"), NOW);

    assertThat(reason(sample, NOW.plusSeconds(600))).isNull();
    assertThat(reason(sample, NOW.minusSeconds(600))).isNull();
    assertThat(reason(sample, NOW.plusSeconds(601))) // W-08
        .isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
    assertThat(reason(sample, NOW.minusSeconds(601)))
        .isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
  }

  @Test
  void urlCheck_isAnsweredWithItsEcho() throws Exception {
    InboundSample check = users(secret(0)).check("5838479218127813673", NOW);
    connector().verify(check.request(WEBHOOK_URL), NOW);

    assertThat(connector().decode(check.request(WEBHOOK_URL), NOW).answer().body())
        .isEqualTo("5838479218127813673");
    assertThat(reason(users(secret(1)).check("1", NOW), NOW))
        .isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
  }

  @Test
  void externalEntities_openNoSocket() throws Exception {
    try (ServerSocket sink = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String at = "http://127.0.0.1:" + sink.getLocalPort() + "/x.dtd";
      for (String doctype :
          List.of(
              "<!DOCTYPE xml SYSTEM \"" + at + "\">",
              "<!DOCTYPE xml [<!ENTITY e SYSTEM \"" + at + "\">]>",
              "<!DOCTYPE xml [<!ENTITY % p SYSTEM \"" + at + "\">%p;]>",
              "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
              "<?xml-stylesheet href=\""
                  + at
                  + "\"?>\n<!DOCTYPE xml PUBLIC \"a\" \""
                  + at
                  + "\">")) {
        Payload bomb = xml("<MsgType>text</MsgType><Content>&e;</Content><MsgId>1</MsgId>");
        Buffer body = Buffer.buffer(doctype).appendBuffer(bomb.body());
        assertThat(decodeReason(bomb.with(body))).isEqualTo(WebhookRejected.Reason.MALFORMED);
      }

      sink.setSoTimeout(50); // W-11: nobody connected while all of these were read
      boolean called = true;
      try {
        sink.accept().close();
      } catch (SocketTimeoutException e) {
        called = false;
      }
      assertThat(called).isFalse();
    }
  }

  @Test
  void grants_followThePlatformsTable() throws Exception {
    SendGrant action = new SendGrant(Duration.ofMinutes(1), 3);
    assertThat(((InboundEvent.Received) decode(text("hi", "m1")).events().get(0)).grant())
        .isEqualTo(new SendGrant(Duration.ofDays(2), 5));
    for (String event :
        List.of("CLICK", "subscribe", "SCAN", "scancode_push", "scancode_waitmsg")) {
      assertThat(signal(event).grant()).as(event).isEqualTo(action);
    }
    for (String event : List.of("VIEW", "unsubscribe", "LOCATION", "pic_sysphoto", "nonsense")) {
      assertThat(signal(event).grant()).as(event).isNull();
    }
  }

  @Test
  void events_ofOneSecond_areToldApart() throws Exception {
    List<String> keys = new ArrayList<>();
    for (String event : List.of("CLICK", "VIEW")) {
      for (String key : List.of("a", "b")) {
        keys.add(decode(event(event, key)).events().get(0).key());
      }
    }

    assertThat(keys).doesNotHaveDuplicates().allMatch(k -> k.startsWith(USER + "+1763694245+"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40014", "42001"})
  void token_refused_isReplacedOnce(String code) throws Exception {
    platform().inject("wechat", Reply.json(200, "{\"errcode\":" + code + ",\"errmsg\":\"x\"}"));

    assertThat(send("hello")).isInstanceOf(SendResult.Accepted.class);
    assertThat(api.tokenCalls()).isEqualTo(3); // first, the same again, a new one by force
    assertThat(api.forcedCalls()).isEqualTo(1);
    assertThat(platform().callCount("wechat")).isEqualTo(2);
  }

  @Test
  void token_refusedTwice_isAnOperatorsMatter() throws Exception {
    platform().inject("wechat", Reply.json(200, "{\"errcode\":42001,\"errmsg\":\"expired\"}"));
    platform().inject("wechat", Reply.json(200, "{\"errcode\":40001,\"errmsg\":\"not latest\"}"));

    assertThat(send("hello")).isInstanceOf(SendResult.Rejected.class);
    assertThat(platform().callCount("wechat")).isEqualTo(2);
  }

  @Test
  void token_neededByManyAtOnce_isFetchedOnce() throws Exception {
    api.allow(USER, 100, NOW.plusSeconds(60));
    var connector = connector();
    List<Future<SendResult>> sends = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sends.add(connector.send(outbound("n" + i), NOW));
    }

    await(Future.all(sends));

    assertThat(sends).allMatch(s -> s.result() instanceof SendResult.Accepted);
    assertThat(api.tokenCalls()).isEqualTo(1);

    api.revokeToken();
    sends.clear();
    for (int i = 0; i < 20; i++) {
      sends.add(connector.send(outbound("r" + i), NOW));
    }
    await(Future.all(sends));

    assertThat(sends).allMatch(s -> s.result() instanceof SendResult.Accepted);
    assertThat(api.tokenCalls()).isBetween(2, 3);
    assertThat(api.forcedCalls()).isZero();
  }

  @Test
  void token_isUsedUntilItIsAboutToExpire() throws Exception {
    var connector = connector();
    await(connector.send(outbound("a"), NOW));
    await(connector.send(outbound("b"), NOW.plusSeconds(7200 - 301)));
    assertThat(api.tokenCalls()).isEqualTo(1);

    await(connector.send(outbound("c"), NOW.plusSeconds(7200 - 300)));
    assertThat(api.tokenCalls()).isEqualTo(2);
  }

  @Test
  void answers_areClassified() throws Exception {
    Map<Integer, Cause> permanent =
        Map.of(
            45015, Cause.WINDOW,
            45047, Cause.WINDOW,
            40003, Cause.RECIPIENT,
            43004, Cause.RECIPIENT,
            48002, Cause.RECIPIENT,
            48001, Cause.CREDENTIALS,
            48004, Cause.CREDENTIALS,
            40007, Cause.CONTENT,
            45002, Cause.CONTENT,
            99999, Cause.OTHER);
    for (Map.Entry<Integer, Cause> entry : permanent.entrySet()) {
      SendResult result = answered("{\"errcode\":" + entry.getKey() + ",\"errmsg\":\"m\"}");
      assertThat(((SendResult.Rejected) result).cause())
          .as("%s", entry)
          .isEqualTo(entry.getValue());
      assertThat(((SendResult.Rejected) result).code()).isEqualTo(entry.getKey().toString());
    }
    for (int code : List.of(-1, 45009, 45011)) {
      assertThat(answered("{\"errcode\":" + code + "}")).isInstanceOf(SendResult.Retry.class);
    }
    for (String body : List.of("", "{}", "<html>", "{\"errcode\":\"x\"}")) {
      assertThat(answered(body)).as(body).isInstanceOf(SendResult.Unknown.class);
    }
  }

  @Test
  void window_isThePlatforms() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(send("n" + i)).isInstanceOf(SendResult.Accepted.class);
    }
    assertThat(send("sixth").toString()).contains("WINDOW", "45047");
    api.allow(USER, 5, NOW);
    assertThat(send("late").toString()).contains("WINDOW", "45015");
  }

  @Test
  void text_pastThePlatformsBound_isRefusedUnsent() throws Exception {
    assertThat(send("汉".repeat(682))).isInstanceOf(SendResult.Accepted.class); // 2,046 bytes
    SendResult result = send("汉".repeat(683));

    assertThat(((SendResult.Rejected) result).cause()).isEqualTo(Cause.CONTENT);
    assertThat(platform().callCount("wechat")).isEqualTo(1);
  }

  @Test
  void choice_isAMenu() throws Exception {
    MessageContent.Choice choice =
        new MessageContent.Choice("满意吗?", List.of(new MessageContent.Choice.Option("1", "是")));

    assertThat(await(connector().send(outbound(choice), NOW)))
        .isInstanceOf(SendResult.Accepted.class);
    assertThat(platform().sent("wechat").get(0).text()).isEqualTo("满意吗?");
  }

  private SendResult answered(String body) throws Exception {
    platform().inject("wechat", Reply.json(200, body));
    return send("hello");
  }

  private InboundEvent.Signalled signal(String event) throws WebhookRejected {
    return (InboundEvent.Signalled) decode(event(event, "k")).events().get(0);
  }

  private static Payload event(String event, String key) {
    return xml(
        "<MsgType>event</MsgType><Event>" + event + "</Event><EventKey>" + key + "</EventKey>");
  }

  static Payload xml(String fields) {
    String document =
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>"
            + USER
            + "</FromUserName><CreateTime>1763694245</CreateTime>"
            + fields
            + "</xml>";
    return new Payload("xml", "", "text/xml", Buffer.buffer(document), null);
  }

  private static String billionLaughs() {
    StringBuilder dtd = new StringBuilder("<!DOCTYPE xml [<!ENTITY a0 \"lol\">");
    for (int i = 1; i < 12; i++) {
      dtd.append("<!ENTITY a").append(i).append(" \"").append(("&a" + (i - 1) + ";").repeat(10));
      dtd.append("\">");
    }
    return dtd + "]><xml><Content>&a11;</Content></xml>";
  }

  WechatCustomer users(String secret) {
    return new WechatCustomer(APP_ID, secret, aesKey(), null, 42);
  }

  private WebhookRejected.@Nullable Reason decodeReason(Payload payload) {
    try {
      decode(payload);
      return null;
    } catch (WebhookRejected e) {
      return e.reason();
    }
  }

  final WebhookRejected.@Nullable Reason reason(InboundSample sample, Instant now) {
    try {
      connector().verify(sample.request(WEBHOOK_URL), now);
      return null;
    } catch (WebhookRejected e) {
      return e.reason();
    }
  }
}
