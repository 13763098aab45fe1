// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the stand-in does besides standing in. */
class FakePlatformTest {

  private static final String SEND = "/botT/sendMessage";
  private static final String MESSAGE = "{\"chat_id\":7,\"text\":\"hello\"}";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void slowPlatform_takesAtOnce_andAnswersLater() throws Exception {
    FakePlatform platform =
        FakePlatform.start(vertx, Clock.systemUTC(), List.of(new TelegramApi("T")))
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    platform.delay("telegram", Duration.ofHours(1));

    CompletableFuture<HttpResponse<String>> slow = send(platform);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (platform.sentCount("telegram") == 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    platform.delay("telegram", Duration.ZERO);
    HttpResponse<String> quick = send(platform).get(60, TimeUnit.SECONDS);

    assertThat(quick.statusCode()).isEqualTo(200);
    assertThat(platform.sentCount("telegram")).isEqualTo(2);
    assertThat(slow).isNotDone();
    slow.cancel(true);
  }

  private CompletableFuture<HttpResponse<String>> send(FakePlatform platform) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(platform.url("telegram") + SEND))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(MESSAGE))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
