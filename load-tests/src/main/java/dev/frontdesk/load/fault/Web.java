// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Plain HTTP calls whose failure is a value. */
final class Web {

  private Web() {}

  /**
   * An answer.
   *
   * @param status 0: none came
   */
  record Reply(int status, String body) {}

  static Reply get(HttpClient http, URI address) {
    return send(http, HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build());
  }

  static Reply send(HttpClient http, HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Reply(0, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
