// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three agents at work: each polls, accepts what is offered, thinks, answers with the epoch it saw,
 * and resolves. Now and then one takes too long, so that a promise breaks.
 */
final class DemoAgents {

  static final List<String> NAMES = List.of("alice", "bob", "carol");

  private static final int POLL_SECONDS = 2;

  /** What each agent's first urgent conversation waits: its promise of 2 s breaks for certain. */
  private static final long TOO_LATE_MILLIS = 2_500;

  private final List<Desk> desks = new ArrayList<>();
  private final ScheduledExecutorService work;
  private final AtomicInteger inHand = new AtomicInteger();

  /**
   * Agents of one gateway.
   *
   * @param work a few threads: each call to the gateway holds one
   */
  DemoAgents(HttpClient http, URI gateway, DemoSettings settings, ScheduledExecutorService work) {
    this.work = work;
    for (String name : NAMES) {
      desks.add(new Desk(name, new ApiClient(http, gateway, settings.agentToken(name))));
    }
  }

  /** They come to work. */
  void start() {
    desks.forEach(Desk::open);
  }

  /** How many conversations they are busy with. */
  int inHand() {
    return inHand.get();
  }

  /** They go home. */
  void stop() throws InterruptedException {
    for (Desk desk : desks) {
      desk.close();
    }
  }

  /** One agent. */
  private final class Desk {

    private final ApiClient api;
    private final AgentLoop loop;
    private final Thread polling;
    private final Set<String> mine = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean wasLate = new AtomicBoolean();

    Desk(String name, ApiClient api) {
      this.api = api;
      this.loop = new AgentLoop(api, POLL_SECONDS, this::hear, trouble -> {});
      this.polling = new Thread(loop, "agent-" + name);
      this.polling.setDaemon(true);
    }

    void open() {
      polling.start();
    }

    void close() throws InterruptedException {
      loop.stop();
      polling.join(1_000L * (POLL_SECONDS + 1));
    }

    private void hear(JsonNode change) {
      JsonNode conversation = change.path("conversation");
      String id = conversation.path("id").asText();
      switch (change.path("type").asText()) {
        case "offered" -> {
          String offer = change.path("offer").path("id").asText();
          if (!offer.isEmpty()) {
            after(0, () -> accept(id, offer));
          }
        }
        case "assigned" -> take(conversation);
        case "removed" -> drop(id);
        default -> {} // a message to read; it is answered with the others
      }
    }

    private void accept(String id, String offer) {
      ApiClient.Answer answer = api.post(path(id) + "/accept", Map.of("offer", offer));
      if (answer.isOk()) {
        take(answer.body());
      }
    }

    private void take(JsonNode conversation) {
      String id = conversation.path("id").asText();
      if (!conversation.path("state").asText().equals("assigned") || !mine.add(id)) {
        return;
      }
      inHand.incrementAndGet();
      long epoch = conversation.path("epoch").asLong();
      if (conversation.path("promise").asText().equals("urgent") && !wasLate.getAndSet(true)) {
        String key = UUID.randomUUID().toString();
        after(TOO_LATE_MILLIS, () -> answer(id, epoch, key));
        return;
      }
      int luck = ThreadLocalRandom.current().nextInt(100);
      if (luck < 2) {
        after(thinking(luck), () -> resolve(id, "spam"));
      } else {
        String key = UUID.randomUUID().toString();
        after(thinking(luck), () -> answer(id, epoch, key));
      }
    }

    /** Milliseconds; seven in a hundred take far too long. */
    private long thinking(int luck) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      return luck < 9 && luck >= 2 ? random.nextLong(2_500, 9_000) : random.nextLong(200, 900);
    }

    private void answer(String id, long epoch, String key) {
      String text = DemoTexts.answer(ThreadLocalRandom.current());
      ApiClient.Answer answer =
          api.post(path(id) + "/messages", Map.of("text", text, "epoch", epoch), key);
      if (answer.status() == 409) {
        drop(id);
      } else {
        after(ThreadLocalRandom.current().nextLong(200, 700), () -> resolve(id, "solved"));
      }
    }

    private void resolve(String id, String code) {
      ApiClient.Answer answer = api.post(path(id) + "/resolve", Map.of("code", code));
      if (answer.status() == 503) {
        after(500, () -> resolve(id, code));
      } else {
        drop(id);
      }
    }

    private void drop(String id) {
      if (mine.remove(id)) {
        inHand.decrementAndGet();
      }
    }

    private void after(long millis, Runnable step) {
      try {
        var unused = work.schedule(() -> patiently(step), millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        loop.stop(); // everybody has gone home
      }
    }

    /** A call without an answer is made again; keys and epochs make that harmless. */
    private void patiently(Runnable step) {
      try {
        step.run();
      } catch (UncheckedIOException e) {
        after(500, step);
      }
    }
  }

  private static String path(String id) {
    return "/api/v1/conversations/" + id;
  }
}
