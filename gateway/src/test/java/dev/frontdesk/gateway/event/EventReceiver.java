// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.webhook.StandardWebhooks;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Another system that takes events: a real server that checks each signature, keeps the first of
 * each {@code webhook-id}, and misbehaves as it is told.
 */
final class EventReceiver implements AutoCloseable {

  static final String SECRET = "whsec_ZXZlbnRzLXNlY3JldC0wMTIzNDU2Nzg5YWJjZGVm";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What happens to a call. */
  enum Fault {
    ERROR,
    TAKEN_THEN_RESET,
    SILENCE,
    GONE
  }

  private final Vertx vertx = Vertx.vertx();
  private final StandardWebhooks signatures = new StandardWebhooks(Secret.of(SECRET));
  private final HttpServer server;
  private final List<JsonNode> calls = new CopyOnWriteArrayList<>();
  private final List<String> rejected = new CopyOnWriteArrayList<>();
  private final LinkedHashSet<String> ids = new LinkedHashSet<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private volatile Fault always;

  EventReceiver() {
    server =
        TestGateway.await(
            vertx.createHttpServer().requestHandler(this::taken).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/events?from=frontdesk";
  }

  /** The next calls end so, one each. */
  EventReceiver then(Fault... next) {
    faults.addAll(List.of(next));
    return this;
  }

  /** Every call ends so; null: as it should. */
  void always(Fault fault) {
    always = fault;
  }

  /** Events by first arrival, each id once. */
  List<JsonNode> events() {
    return List.copyOf(events);
  }

  List<String> types(String conversation) {
    return events.stream()
        .filter(event -> event.at("/data/conversation").asText().equals(conversation))
        .map(event -> event.path("type").asText())
        .toList();
  }

  int calls() {
    return calls.size();
  }

  List<String> rejected() {
    return List.copyOf(rejected);
  }

  private void taken(HttpServerRequest request) {
    request.body().onSuccess(body -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    Map<String, List<String>> headers = new HashMap<>();
    request
        .headers()
        .forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), List.of(h.getValue())));
    try {
      signatures.verify(
          new WebhookRequest("POST", "", "", Map.of(), headers, body), Clock.systemUTC().instant());
    } catch (WebhookRejected e) {
      rejected.add(String.valueOf(e.getMessage()));
      var unused = request.response().setStatusCode(401).end();
      return;
    }
    JsonNode event = parsed(body);
    calls.add(event);
    Fault fault = always != null ? always : faults.poll();
    boolean takes = fault == null || fault == Fault.TAKEN_THEN_RESET;
    if (takes && ids.add(request.getHeader(StandardWebhooks.ID))) {
      events.add(event);
    }
    if (fault == null) {
      var unused = request.response().setStatusCode(204).end();
    } else if (fault == Fault.TAKEN_THEN_RESET) {
      var unused = request.connection().close();
    } else if (fault != Fault.SILENCE) {
      var unused = request.response().setStatusCode(fault == Fault.GONE ? 410 : 500).end();
    }
  }

  private static JsonNode parsed(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    TestGateway.await(vertx.close());
  }
}
