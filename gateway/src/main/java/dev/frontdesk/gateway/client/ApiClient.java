// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Calls the JSON API with one token. Nothing but the JDK's HTTP client, so that it reads as an
 * example for any language. Blocks the calling thread; thread-safe; throws UncheckedIOException
 * when there is no answer, never for a status.
 */
public final class ApiClient {

  /** Longer than the longest long-poll (55 s). */
  private static final Duration TIMEOUT = Duration.ofSeconds(70);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI base;
  private final String token;

  /**
   * A client of one gateway.
   *
   * @param base {@code http://host:port}
   */
  public ApiClient(HttpClient http, URI base, String token) {
    this.http = http;
    this.base = base;
    this.token = token;
  }

  /** Status and body of an answer; the body is missing when there was none. */
  public record Answer(int status, JsonNode body) {
    public boolean isOk() {
      return status / 100 == 2;
    }
  }

  public Answer get(String path) {
    return send(request(path).GET().build());
  }

  public Answer put(String path, Map<String, ?> body) {
    return send(request(path).PUT(json(body)).build());
  }

  public Answer post(String path, Map<String, ?> body) {
    return send(request(path).POST(json(body)).build());
  }

  /** A POST that may be repeated: the same key has its effect once. */
  public Answer post(String path, Map<String, ?> body, String idempotencyKey) {
    return send(request(path).header("Idempotency-Key", idempotencyKey).POST(json(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private static HttpRequest.BodyPublisher json(Map<String, ?> body) {
    try {
      return HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), parsed(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new java.io.InterruptedIOException("interrupted"));
    }
  }

  private static JsonNode parsed(byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
