// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.gateway.TestGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A supervisor's program that listens, as far as it reads server-sent events. */
final class LiveView implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** One event; {@code id} is the place behind it. */
  record Seen(String id, String event, JsonNode data) {}

  private final HttpResponse<InputStream> answer;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile String lastId = "";

  /** Listens as {@code who}; {@code after} empty: from now on. */
  LiveView(URI gateway, String who, String after) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve("/api/v1/events"))
            .header("authorization", "Bearer " + TestGateway.token(who));
    if (!after.isEmpty()) {
      request.header("last-event-id", after);
    }
    try {
      answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Thread reading = new Thread(this::read, "live-view");
    reading.setDaemon(true);
    reading.start();
  }

  int status() {
    return answer.statusCode();
  }

  String lastId() {
    return lastId;
  }

  /** Done when the gateway ended it. */
  CompletableFuture<Void> over() {
    return over;
  }

  /** Everything but figures. */
  List<Seen> events() {
    return seen.stream().filter(one -> !one.event().equals("figures")).toList();
  }

  List<String> types() {
    return events().stream().map(Seen::event).toList();
  }

  List<Seen> figures() {
    return seen.stream().filter(one -> one.event().equals("figures")).toList();
  }

  private void read() {
    String event = "";
    String data = "";
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          seen.add(new Seen(lastId, event, JSON.readTree(data)));
          data = "";
        }
      }
    } catch (IOException closed) {
      // told by over
    }
    over.complete(null);
  }

  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
