// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every connector does, whatever its platform. A connector's test extends this class, says how
 * its platform signs and what its bodies look like, and puts recorded bodies into {@code
 * src/test/resources/payloads/<connector>/}: beside each {@code NAME.json} stands {@code
 * NAME.json.events} with what it decodes to, one event a line (see {@link Payload#describe}); a
 * file whose name begins with {@code malformed-} is refused as malformed instead. {@code
 * -Drecord=src/test/resources/payloads} writes the {@code .events} files that are missing, to be
 * read and believed or not before they are committed.
 *
 * <p>Tests of a kind a connector does not have (bodies that are not JSON, a signature that does not
 * cover the body) are switched by the methods with a default.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConnectorContract {

  /** The store's time in every test. */
  protected static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");

  /** Where the tested channel is reached. */
  protected static final String WEBHOOK_URL = "https://desk.example.com/webhooks/acme/c1";

  /**
   * Text that must come through unchanged: 4-byte, right to left, joined, zero-width, combining.
   */
  protected static final String HARD_TEXT =
      "退款 👩‍👩‍👧‍👦 \uD83C\uDDE8\uD83C\uDDF3 שלום\u200F مرحبا e\u0301 \u200B\uFEFF𝒳 \"\\/<>&;%+=\t.";

  private static final int MUTANTS = 3_000;
  private static final String MARKER = "MARKER-of-a-customer";

  /** Time of the machine's other work does not count. */
  protected static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private Vertx vertx;
  private WebClient client;
  private FakePlatform platform;

  /** The factory under test. */
  protected abstract ConnectorFactory<?> factory();

  /** Settings of a channel with this secret whose platform is at {@code apiBaseUrl}. */
  protected abstract Record settings(Secret secret, String apiBaseUrl);

  /** Two different secrets of the platform's form: number 0 and number 1. */
  protected abstract String secret(int number);

  /** The call in which the platform delivers a payload, signed with {@code secret}. */
  protected abstract InboundSample signed(String secret, Payload payload, Instant at);

  /** The names of the headers without which a call is not authentic. */
  protected abstract Set<String> authenticatingHeaders();

  /** A payload with one text message. */
  protected abstract Payload text(String text, String externalId);

  /** A payload with one message of a kind that does not exist; null if it has no kinds. */
  protected abstract @Nullable Payload unknownKind();

  /** The stand-in of the platform's send API, expecting {@code secret} and what settings name. */
  protected abstract PlatformApi platform(String secret);

  /** A contact that messages can be sent to. */
  protected abstract ContactRef recipient();

  /** False if the platform's signature does not cover the body. */
  protected boolean signatureCoversBody() {
    return true;
  }

  /** False if empty lines around a text are the program's and not the person's. */
  protected boolean keepsOuterSpace() {
    return true;
  }

  /** False if sending is not an HTTP call: its tests are then the connector's own. */
  protected boolean sendsOverHttp() {
    return true;
  }

  /** Payloads that must be refused as malformed, in at most 50 ms each; JSON by default. */
  protected Map<String, Payload> bombs() {
    return Payload.jsonBombs();
  }

  /** What follows the webhook address when the platform delivers a recorded payload. */
  protected String path(String fileName) {
    return "";
  }

  @BeforeAll
  void open() throws Exception {
    vertx = Vertx.vertx();
    client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(2_000)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(300)
                .setFollowRedirects(false)
                .setKeepAlive(false));
    platform = await(FakePlatform.start(vertx, () -> NOW, List.of(platform(secret(0)))));
  }

  @BeforeEach
  void forget() {
    platform.mount(platform(secret(0)));
  }

  @AfterEach
  void heal() {
    platform.heal(platform(secret(0)).name());
  }

  @AfterAll
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void factory_isFoundByName() {
    List<String> names = new ArrayList<>();
    for (ConnectorFactory<?> found : ServiceLoader.load(ConnectorFactory.class)) {
      names.add(found.name());
    }

    assertThat(names).contains(factory().name()).doesNotHaveDuplicates();
  }

  @Test
  void payloads_decodeToWhatWasRecorded() throws Exception {
    List<Payload> payloads = recorded();
    assertThat(payloads).as("src/test/resources/payloads/" + factory().name()).isNotEmpty();

    for (Payload payload : payloads) {
      if (payload.name().startsWith("malformed-")) {
        assertThat(rejection(payload))
            .as(payload.name())
            .isEqualTo(WebhookRejected.Reason.MALFORMED);
      } else {
        assertThat(Payload.describe(decode(payload)))
            .as("%s", payload.name())
            .isEqualTo(payload.expectedOr(Payload.describe(decode(payload)), factory().name()));
      }
    }
  }

  @Test
  void events_keepTheBoundsOfTheSpi() throws Exception {
    for (Payload payload : wellFormed()) {
      for (InboundEvent event : decode(payload).events()) {
        assertThat(event.key().length()).as(payload.name()).isBetween(1, 512);
        if (event instanceof Received received) {
          assertThat(received.context().size()).as(payload.name()).isLessThanOrEqualTo(8);
          assertThat(received.context().values()).allMatch(value -> value.length() <= 1_024);
        }
      }
    }
  }

  @Test
  void keys_areTheSameWhenDeliveredAgain() throws Exception {
    for (Payload payload : wellFormed()) {
      List<String> first = keys(payload, NOW);
      List<String> again = keys(payload, NOW.plusSeconds(90));

      assertThat(again).as(payload.name()).isEqualTo(first).doesNotHaveDuplicates();
    }
  }

  @Test
  void signature_withOneCharacterChanged_isUnauthenticated() throws Exception {
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    connector().verify(good.request(WEBHOOK_URL), NOW);

    for (String header : authenticatingHeaders()) {
      String value = headerOf(good, header);
      for (int i = 0; i < value.length(); i++) {
        char other = value.charAt(i) == 'A' ? 'B' : 'A';
        String changed = value.substring(0, i) + other + value.substring(i + 1);
        assertUnauthenticated(good.withHeader(header, changed), header + " at " + i);
      }
      assertUnauthenticated(good.withHeader(header, ""), header + " missing");
      assertUnauthenticated(
          good.withHeader(header, value.substring(0, value.length() - 1)), header + " shorter");
    }
  }

  @Test
  void signature_ofAnotherSecret_isUnauthenticated() {
    assertUnauthenticated(signed(secret(1), text("hello", "m1"), NOW), "other secret");
  }

  @Test
  void body_changedAfterSigning_isUnauthenticated() {
    Assumptions.assumeTrue(signatureCoversBody());
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    byte[] body = good.body().getBytes();

    assertUnauthenticated(good.withBody(good.body().slice(0, body.length - 1)), "truncated");
    assertUnauthenticated(good.withBody(Buffer.buffer()), "empty");
    for (int i = 0; i < body.length; i++) {
      byte[] flipped = body.clone();
      flipped[i] ^= 1;
      assertUnauthenticated(good.withBody(Buffer.buffer(flipped)), "bit flipped at " + i);
    }
  }

  @Test
  void body_ofAStranger_isNotParsed() {
    bombs()
        .forEach(
            (name, bomb) ->
                assertUnauthenticated(signed(secret(1), bomb, NOW), "stranger's " + name));
  }

  @Test
  void secret_whileBeingChanged_isAcceptedInBothForms() throws Exception {
    Connector both = connector(Secret.of(secret(1), secret(0)));

    both.verify(signed(secret(0), text("old", "m1"), NOW).request(WEBHOOK_URL), NOW);
    both.verify(signed(secret(1), text("new", "m2"), NOW).request(WEBHOOK_URL), NOW);
  }

  @Test
  protected void text_ofAnyScript_isByteIdentical() throws Exception {
    for (String text : List.of(HARD_TEXT, "x".repeat(1_000) + HARD_TEXT, "\n\u00A0 a")) {
      Decoded decoded = decode(text(text, "m1"));

      assertThat(decoded.events()).hasSize(1);
      assertThat(((Received) decoded.events().get(0)).content().text())
          .isEqualTo(keepsOuterSpace() ? text : text.strip());
    }
  }

  @Test
  protected void kind_thatIsUnknown_isUnsupported() throws Exception {
    Payload unknown = unknownKind();
    Assumptions.assumeTrue(unknown != null);
    Decoded decoded = decode(unknown);

    assertThat(decoded.events()).hasSize(1);
    assertThat(((Received) decoded.events().get(0)).content())
        .isInstanceOf(MessageContent.Unsupported.class);
  }

  @Test
  void bombs_areMalformedQuickly() {
    Connector connector = connector();
    Map<String, Payload> bombs = bombs();
    bombs.values().forEach(this::rejection); // the first parse of a JVM loads classes

    bombs.forEach(
        (name, bomb) -> {
          // what the platform does, signing, is not the gateway's time
          WebhookRequest request = signed(secret(0), bomb, NOW).request(WEBHOOK_URL);
          long best = Long.MAX_VALUE;
          for (int i = 0; i < 10; i++) { // until the JVM has compiled what a gateway runs for days
            long start = CPU.getCurrentThreadCpuTime();
            assertThat(rejection(name, connector, request))
                .as(name)
                .isEqualTo(WebhookRejected.Reason.MALFORMED);
            best = Math.min(best, CPU.getCurrentThreadCpuTime() - start);
          }
          assertThat(Duration.ofNanos(best)).as(name).isLessThan(Duration.ofMillis(50)); // W-10
        });
  }

  @Test
  void mutants_throwNothingButWebhookRejected() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    List<Payload> payloads = recorded();
    Connector connector = connector();

    for (int i = 0; i < MUTANTS; i++) {
      Payload mutant = payloads.get(random.nextInt(payloads.size())).mutant(random);
      WebhookRequest request = signed(secret(0), mutant, NOW).request(WEBHOOK_URL);
      try {
        connector.verify(request, NOW);
        Decoded decoded = connector.decode(request, NOW);
        decoded.events().forEach(event -> assertThat(event.key().length()).isBetween(1, 512));
        connector.answer(decoded, new StoreOutcome(decoded.events().size(), 0, 0));
      } catch (WebhookRejected expected) {
        assertThat(expected.getMessage()).doesNotContain(secret(0));
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        fail("-Dseed=" + seed + " mutant " + i + " of " + mutant.name() + ": " + mutant.body(), e);
      }
    }
  }

  @Test
  void requests_withoutSense_throwNothingButWebhookRejected() {
    Connector connector = connector();
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    List<String> values = List.of("", " ", ",", "=", "v1,", "\u0000", "%", "9".repeat(4_000), "é");

    for (String method : List.of("GET", "POST", "PUT", "OPTIONS", "")) {
      for (String path : List.of("", "/", "/nowhere", "/../..", "?", "/status?x")) {
        for (String value : values) {
          Map<String, String> headers = new LinkedHashMap<>();
          authenticatingHeaders().forEach(name -> headers.put(name, value));
          for (Buffer body : List.of(Buffer.buffer(), good.body(), Buffer.buffer(value))) {
            reject(connector, new InboundSample(method, path, headers, body));
            reject(connector, new InboundSample(method, path, good.headers(), body));
          }
        }
      }
    }
  }

  @Test
  void rejections_holdNeitherSecretNorText() throws Exception {
    InboundSample wrong = signed(secret(1), text(MARKER, "m1"), NOW);
    Payload whole = text(MARKER, "m1");
    Payload broken = whole.with(whole.body().slice(0, whole.body().length() - 2));

    for (InboundSample sample : List.of(wrong, signed(secret(0), broken, NOW))) {
      String message = String.valueOf(messageOf(sample));
      assertThat(message).doesNotContain(secret(0), secret(1), MARKER);
    }
    assertThat(settings(Secret.of(secret(0)), WEBHOOK_URL).toString()).doesNotContain(secret(0));
  }

  @Test
  void send_isTakenByThePlatform() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    SendResult result = send("您好 👋");

    assertThat(result).isInstanceOf(SendResult.Accepted.class);
    List<PlatformApi.Sent> sent = platform.sent(api());
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).text()).isEqualTo("您好 👋");
    assertThat(((SendResult.Accepted) result).externalId()).isEqualTo(sent.get(0).externalId());
  }

  @Test
  void send_twice_isOneMessageOnlyWherePlatformsDeduplicate() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    send("once");
    send("once");

    assertThat(platform.sentCount(api())).isEqualTo(connector().deduplicatesSends() ? 1 : 2);
  }

  @Test
  void send_withAnotherSecret_isRejectedForCredentials() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    SendResult result = await(connector(Secret.of(secret(1))).send(outbound("hello"), NOW));

    assertThat(result).isInstanceOf(SendResult.Rejected.class);
    assertThat(((SendResult.Rejected) result).cause()).isEqualTo(SendResult.Cause.CREDENTIALS);
    assertThat(result.toString()).doesNotContain(secret(0), secret(1));
  }

  @Test
  void send_throttled_isRetriedAfterThePlatformsPause() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    platform.inject(api(), Fault.THROTTLED, 1);

    SendResult result = send("hello");

    assertThat(result).isInstanceOf(SendResult.Retry.class);
    assertThat(((SendResult.Retry) result).after()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void send_toABrokenPlatform_isRetried() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    for (Fault fault : List.of(Fault.SERVER_ERROR, Fault.UNAVAILABLE)) {
      platform.inject(api(), fault, 1);

      assertThat(send("hello")).as(fault.name()).isInstanceOf(SendResult.Retry.class);
    }
  }

  @Test
  void send_withoutAnAnswer_isUnknown() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    for (Fault fault :
        List.of(Fault.SILENCE, Fault.TAKEN_THEN_SILENCE, Fault.DROP, Fault.TAKEN_THEN_DROP)) {
      platform.inject(api(), fault, 1);

      SendResult result = send("hello");

      assertThat(result).as(fault.name()).isInstanceOf(SendResult.Unknown.class);
      assertThat(result.toString()).doesNotContain(secret(0));
    }
  }

  @Test
  void send_toAGatewayThatTimedOut_isRepeatedOnlyWherePlatformsDeduplicate() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    platform.inject(api(), Fault.GATEWAY_TIMEOUT, 1);

    assertThat(send("hello"))
        .isInstanceOf(
            connector().deduplicatesSends() ? SendResult.Retry.class : SendResult.Unknown.class);
  }

  @Test
  void send_redirected_isNotFollowed() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    platform.inject(api(), Fault.REDIRECT, 1);

    SendResult result = send("hello");

    assertThat(result).isInstanceOf(SendResult.Rejected.class);
    assertThat(platform.callCount(api())).isEqualTo(1);
  }

  @Test
  void send_toNobody_isRetried() throws Exception {
    Assumptions.assumeTrue(sendsOverHttp());
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    Connector connector = create(Secret.of(secret(0)), "http://127.0.0.1:" + closedPort, client);

    assertThat(await(connector.send(outbound("hello"), NOW))).isInstanceOf(SendResult.Retry.class);
  }

  /** The connector under test with secret 0, calling the stand-in. */
  protected final Connector connector() {
    return connector(Secret.of(secret(0)));
  }

  protected final Connector connector(Secret secret) {
    return create(secret, platform.url(api()), client);
  }

  /** The stand-in, to inject faults and to see what was taken. */
  protected final FakePlatform platform() {
    return platform;
  }

  /** Verifies and decodes a payload the platform signed. */
  protected final Decoded decode(Payload payload) throws WebhookRejected {
    return decode(payload, NOW);
  }

  protected final Decoded decode(Payload payload, Instant at) throws WebhookRejected {
    WebhookRequest request = signed(secret(0), payload, at).request(WEBHOOK_URL);
    Connector connector = connector();
    connector.verify(request, at);
    return connector.decode(request, at);
  }

  protected final SendResult send(String text) throws Exception {
    return await(connector().send(outbound(text), NOW));
  }

  protected final OutboundMessage outbound(String text) {
    return outbound(new MessageContent.Text(text));
  }

  protected final OutboundMessage outbound(MessageContent content) {
    return new OutboundMessage("c1.7", "c1", recipient(), null, content, null, false, Map.of());
  }

  /** The value of a future, waited for up to 10 s. */
  protected static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String api() {
    return platform(secret(0)).name();
  }

  @SuppressWarnings("unchecked") // settings(…) answers the record that factory() names
  private Connector create(Secret secret, String apiBaseUrl, WebClient webClient) {
    ConnectorFactory<Record> typed = (ConnectorFactory<Record>) factory();
    return typed.create(
        settings(secret, apiBaseUrl),
        new ChannelContext("acme", "c1", WEBHOOK_URL, vertx, webClient, Duration.ofSeconds(10)));
  }

  private List<Payload> recorded() throws Exception {
    List<Payload> payloads = new ArrayList<>();
    for (Payload payload : Payload.recorded(factory().name())) {
      payloads.add(payload.at(path(payload.name())));
    }
    return payloads;
  }

  private List<Payload> wellFormed() throws Exception {
    return recorded().stream().filter(p -> !p.name().startsWith("malformed-")).toList();
  }

  private List<String> keys(Payload payload, Instant at) throws WebhookRejected {
    return decode(payload, at).events().stream().map(InboundEvent::key).toList();
  }

  private void assertUnauthenticated(InboundSample sample, String what) {
    try {
      connector().verify(sample.request(WEBHOOK_URL), NOW);
      fail(what + " was accepted");
    } catch (WebhookRejected e) {
      assertThat(e.reason()).as(what).isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
    }
  }

  private WebhookRejected.Reason rejection(Payload payload) {
    WebhookRequest request = signed(secret(0), payload, NOW).request(WEBHOOK_URL);
    return rejection(payload.name(), connector(), request);
  }

  /** Why the connector refuses the call. */
  private static WebhookRejected.Reason rejection(
      String name, Connector connector, WebhookRequest request) {
    try {
      connector.verify(request, NOW);
      Decoded decoded = connector.decode(request, NOW);
      return fail(name + " was accepted: " + decoded.events().size() + " events");
    } catch (WebhookRejected e) {
      return e.reason();
    }
  }

  private static void reject(Connector connector, InboundSample sample) {
    try {
      WebhookRequest request = sample.request(WEBHOOK_URL);
      connector.verify(request, NOW);
      connector.decode(request, NOW);
    } catch (WebhookRejected expected) {
      assertThat(expected.reason()).isNotNull();
    }
  }

  private String messageOf(InboundSample sample) {
    try {
      WebhookRequest request = sample.request(WEBHOOK_URL);
      connector().verify(request, NOW);
      return connector().decode(request, NOW).rejections().toString();
    } catch (WebhookRejected e) {
      return e.getMessage();
    }
  }

  private static String headerOf(InboundSample sample, String name) {
    return sample.headers().entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("signed(…) sets no header " + name));
  }

  /** Bytes of a text, for payloads written in a test. */
  protected static Buffer utf8(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A list that reads well in a failure. */
  protected static String lines(String... lines) {
    return String.join("\n", Arrays.asList(lines));
  }
}
