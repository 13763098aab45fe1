// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SendRoomsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");

  static Stream<Throwable> neverLeft() {
    return Stream.of(
        new ConnectException("refused"),
        new UnknownHostException("x"),
        new SSLHandshakeException("expired"),
        new ConnectionPoolTooBusyException("full"),
        new TimeoutException(
            "The timeout of 5 ms has been exceeded when getting a connection to x"),
        new IOException(new ConnectException("refused")));
  }

  @ParameterizedTest
  @MethodSource("neverLeft")
  void failure_beforeAByteLeft_isRetried(Throwable failure) {
    assertThat(TransportFailure.classify(failure)).isInstanceOf(SendResult.Retry.class);
  }

  @Test
  void failure_afterwards_isUnknownAndTellsNoAddress() {
    for (Throwable failure :
        new Throwable[] {
          new TimeoutException("https://api.example/bot123:secret/"), new IOException("reset")
        }) {
      SendResult result = TransportFailure.classify(failure);

      assertThat(result).isInstanceOf(SendResult.Unknown.class);
      assertThat(result.toString()).doesNotContain("secret", "reset");
    }
  }

  @Test
  void failure_thatCausesItself_ends() {
    IOException outer = new IOException("outer");
    outer.initCause(new IOException(outer));

    assertThat(TransportFailure.classify(outer)).isInstanceOf(SendResult.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30",
    "0, 0",
    " 7 , 7",
    "999999999999999999999, 86400",
    "86401, 86400",
    "'Sat, 21 Nov 2026 03:05:05 GMT', 60",
    "'Sat, 21 Nov 2026 03:00:00 GMT', 0",
    "'Tue, 21 Nov 2056 03:00:00 GMT', 86400"
  })
  void pause_isReadAndBounded(String header, long seconds) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"-1", "soon", "1.5", "''", "٣"})
  void pause_thatIsNone_isNull(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }
}
