// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** There is no platform and no webhook, so the contract of connectors that have both is not run. */
class WebchatConnectorTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");
  private static final Secret SECRET = Secret.of("0123456789abcdef-first");
  private static final Secret OTHER = Secret.of("0123456789abcdef-other");

  private static Vertx vertx;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void factory_isFoundByName() {
    assertThat(ServiceLoader.load(ConnectorFactory.class))
        .extracting(factory -> ((ConnectorFactory<?>) factory).name())
        .contains("webchat");
  }

  @Test
  void webhook_isNotFound() {
    WebhookRequest request =
        new WebhookRequest("POST", "", "https://d/x", Map.of(), Map.of(), Buffer.buffer("{}"));

    for (var call :
        List.<ThrowsRejected>of(
            () -> connector("*").verify(request, NOW), () -> connector("*").decode(request, NOW))) {
      assertThatThrownBy(call::run)
          .isInstanceOfSatisfying(
              WebhookRejected.class,
              rejected ->
                  assertThat(rejected.reason()).isEqualTo(WebhookRejected.Reason.NOT_FOUND));
    }
  }

  @Test
  void send_isAccepted() {
    OutboundMessage message =
        new OutboundMessage(
            "c.1",
            "c",
            ContactRef.of("v1"),
            null,
            new MessageContent.Text("hello"),
            null,
            false,
            Map.of());

    SendResult result = connector().send(message, NOW).result();

    assertThat(result).isEqualTo(new SendResult.Accepted("c.1"));
    assertThat(connector().deduplicatesSends()).isTrue();
  }

  @Test
  void origin_isComparedAsAWhole() {
    Origins origins = connector("https://shop.example.com", "http://localhost:3000").origins();

    for (String good :
        List.of(
            "https://shop.example.com",
            "https://SHOP.example.com:443",
            "HTTPS://shop.example.com",
            "http://localhost:3000")) {
      assertThat(origins.admits(good)).as(good).isTrue();
    }
    for (String evil :
        List.of(
            "http://shop.example.com",
            "https://shop.example.com:8443",
            "https://shop.example.com.evil.org",
            "https://evil.org#https://shop.example.com",
            "https://evil.org/https://shop.example.com",
            "https://shop.example.com@evil.org",
            "https://evilshop.example.com",
            "https://example.com",
            "http://localhost",
            "null",
            "",
            "*",
            "file://",
            "https://[::1",
            "javascript:alert(1)")) {
      assertThat(origins.admits(evil)).as(evil).isFalse();
    }
  }

  @Test
  void origin_absent_isNoBrowser() {
    assertThat(connector().origins().admits(null)).isTrue();
    assertThat(connector().origins().admits("https://shop.example.com")).isFalse();
    assertThat(connector("*").origins().admits("https://anywhere.example")).isTrue();
  }

  @Test
  void token_admitsItsOwnSessionOnly() {
    VisitorPasses passes = connector().passes();
    String session = passes.newSession();
    String token = passes.token(session);

    assertThat(passes.admits(session, token)).isTrue();
    assertThat(passes.admits(passes.newSession(), token)).isFalse();
    assertThat(passes.admits("", passes.token(""))).isFalse();
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(passes.admits(session, token.substring(0, i) + other + token.substring(i + 1)))
          .isFalse();
    }
  }

  @Test
  void session_isNeverGivenTwice() {
    VisitorPasses passes = connector().passes();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.add(passes.newSession())).isTrue();
    }
    assertThat(seen).allMatch(session -> session.matches("[A-Za-z0-9_-]{22}"));
  }

  @Test
  void identity_isWhatTheSiteSigned() {
    VisitorPasses passes = connector().passes();

    // printf %s 42.a | openssl dgst -sha256 -hmac 0123456789abcdef-first
    assertThat(passes.identity("42.a"))
        .isEqualTo("42.a.f384517c2fe0b6642d6368eb4b45e214277e8110646fe03fc553cb0398c30e54");
    assertThat(passes.customer(passes.identity("42.a"))).contains("42.a");
    assertThat(passes.customer(new VisitorPasses(OTHER).identity("42.a"))).isEmpty();
    for (String forged : List.of("", ".", "42", "42.", ".00", "42.a.00", "x".repeat(600) + ".00")) {
      assertThat(passes.customer(forged)).as(forged).isEmpty();
    }
  }

  @Test
  void identity_isNeverASessionsToken() {
    VisitorPasses passes = connector().passes();
    String session = passes.newSession();

    assertThat(passes.customer(session + "." + passes.token(session))).isEmpty();
    assertThat(passes.admits(session, passes.identity(session).substring(23))).isFalse();
  }

  @Test
  void secret_whileBeingChanged_isAcceptedInBothForms() {
    VisitorPasses before = new VisitorPasses(SECRET);
    VisitorPasses both = new VisitorPasses(Secret.of(OTHER.newest(), SECRET.newest()));
    VisitorPasses after = new VisitorPasses(OTHER);
    String session = before.newSession();

    assertThat(both.admits(session, before.token(session))).isTrue();
    assertThat(after.admits(session, before.token(session))).isFalse();
    assertThat(both.customer(before.identity("42"))).contains("42");
    assertThat(after.admits(session, both.token(session))).isTrue();
  }

  @Test
  void settings_areChecked() {
    for (String origin : List.of("shop.example.com", "https://shop/x", "ftp://shop", "https://")) {
      assertThatThrownBy(() -> new WebchatConnector.Settings(List.of(origin), SECRET))
          .as(origin)
          .hasMessageContaining("allowedOrigins");
    }
    assertThatThrownBy(() -> new WebchatConnector.Settings(List.of(), Secret.of("guessable")))
        .hasMessageContaining("identitySecret")
        .hasMessageNotContaining("guessable");
  }

  private static WebchatConnector connector(String... origins) {
    return new WebchatConnector.Factory()
        .create(
            new WebchatConnector.Settings(List.of(origins), SECRET),
            new ChannelContext(
                "acme",
                "site",
                "https://d/w",
                vertx,
                WebClient.create(vertx),
                Duration.ofSeconds(10)));
  }

  /** A call that may be refused. */
  private interface ThrowsRejected {
    void run() throws WebhookRejected;
  }
}
