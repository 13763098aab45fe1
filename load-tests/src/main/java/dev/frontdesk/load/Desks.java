// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Agents of a live gateway who behave as the simulator's: each polls, accepts and answers at once,
 * and is occupied until the handling time has passed since the gateway decided; then it resolves.
 * The decision's time is that of the offer: when it expires less its time-out.
 */
final class Desks implements AutoCloseable {

  private static final int POLL_SECONDS = 20;
  private static final long AGAIN_MILLIS = 50;

  private final Clock clock = Clock.systemUTC();
  private final ToLongFunction<String> handling;
  private final ScheduledExecutorService work = Executors.newScheduledThreadPool(8);
  private final List<AgentLoop> loops = new ArrayList<>();
  private final Map<String, Instant> decided = new ConcurrentHashMap<>();
  private final ConcurrentHistogram answering = new ConcurrentHistogram(3_600_000L, 3);
  private final ConcurrentHistogram resolving = new ConcurrentHistogram(3_600_000L, 3);
  private final AtomicInteger resolved = new AtomicInteger();
  private final AtomicInteger troubles = new AtomicInteger();

  /**
   * They come to work.
   *
   * @param handling by contact, how long the conversation occupies whoever answers it, ms
   */
  Desks(URI gateway, int agents, ToLongFunction<String> handling) {
    this.handling = handling;
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    for (int i = 0; i < agents; i++) {
      ApiClient api = new ApiClient(http, gateway, LoadConfig.agentToken(i));
      AgentLoop loop =
          new AgentLoop(
              api, POLL_SECONDS, change -> hear(api, change), e -> troubles.incrementAndGet());
      loops.add(loop);
      Thread thread = new Thread(loop, "agent-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Conversations resolved so far. */
  int resolved() {
    return resolved.get();
  }

  /** Calls that were not answered as expected. */
  int troubles() {
    return troubles.get();
  }

  /** When the gateway decided about a contact's conversation, by contact; the last decision. */
  Map<String, Instant> decided() {
    return Map.copyOf(decided);
  }

  /** From the decision until the answer was accepted, ms. */
  Histogram answering() {
    return answering.copy();
  }

  /** From the end of the handling time until the resolution was accepted, ms. */
  Histogram resolving() {
    return resolving.copy();
  }

  private void hear(ApiClient api, JsonNode change) {
    JsonNode offer = change.path("offer");
    if (!change.path("type").asText().equals("offered") || offer.path("id").asText().isEmpty()) {
      return;
    }
    String id = change.path("conversation").path("id").asText();
    ApiClient.Answer accepted =
        api.post(path(id) + "/accept", Map.of("offer", offer.path("id").asText()));
    if (!accepted.isOk()) {
      troubles.incrementAndGet();
      return;
    }
    Instant at =
        Instant.parse(offer.path("expiresAt").asText()).minusMillis(AgreementConfig.OFFER_MILLIS);
    ApiClient.Answer answered =
        api.post(
            path(id) + "/messages",
            Map.of("text", "It is on its way.", "epoch", accepted.body().path("epoch").asLong()),
            "answer-" + id);
    if (!answered.isOk()) {
      troubles.incrementAndGet();
    }
    record(answering, at);
    String contact = accepted.body().path("contact").path("externalId").asText();
    decided.put(contact, at);
    Instant free = at.plusMillis(handling.applyAsLong(contact));
    after(clock.instant().until(free, java.time.temporal.ChronoUnit.MILLIS), api, id, free);
  }

  private void after(long millis, ApiClient api, String id, Instant free) {
    var unused =
        work.schedule(() -> resolve(api, id, free), Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  private void resolve(ApiClient api, String id, Instant free) {
    try {
      if (api.post(path(id) + "/resolve", Map.of("code", "solved")).isOk()) {
        record(resolving, free);
        resolved.incrementAndGet();
        return;
      }
    } catch (UncheckedIOException noAnswer) {
      // asked again below: a conversation is resolved once
    }
    troubles.incrementAndGet();
    after(AGAIN_MILLIS, api, id, free);
  }

  private void record(ConcurrentHistogram histogram, Instant since) {
    long millis = since.until(clock.instant(), java.time.temporal.ChronoUnit.MILLIS);
    histogram.recordValue(Math.max(0, Math.min(3_599_999L, millis)));
  }

  /** They go home, each after the poll that waits now. */
  @Override
  public void close() {
    loops.forEach(AgentLoop::stop);
    var unused = work.shutdownNow();
  }

  private static String path(String id) {
    return "/api/v1/conversations/" + id;
  }
}
