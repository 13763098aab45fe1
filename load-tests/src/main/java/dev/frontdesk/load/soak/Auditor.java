// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.load.LoadConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads each conversation once, after it was closed and before retention erases it: a closed one
 * gets no more messages, so what was read is all there was of it. So every message of the run is
 * accounted for although most are erased by its end. What is left then is read whatever its state.
 * Runs on a thread of its own.
 */
final class Auditor implements AutoCloseable {

  private static final int READERS = 6;

  /** Between two passes: each goes through everything, so it is a share of the retention. */
  private static final int PASSES_OF_A_RETENTION = 20;

  private final Calls calls;
  private final NumberedLedger ledger;
  private final long restNanos;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READERS,
          task -> {
            Thread thread = new Thread(task, "auditor");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<String> read = ConcurrentHashMap.newKeySet();
  private final AtomicLong conversations = new AtomicLong();
  private final AtomicInteger gaps = new AtomicInteger();
  private final AtomicInteger early = new AtomicInteger();
  private final AtomicInteger breached = new AtomicInteger();
  private final AtomicInteger undecided = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();
  private final AtomicLong erased = new AtomicLong();
  private final AtomicInteger troubles = new AtomicInteger();
  private volatile double longestPassSeconds;
  private volatile boolean running = true;
  private final Thread thread = new Thread(this::passes, "audit");

  /**
   * One that is not reading yet.
   *
   * @param retention seconds from the closing of a conversation until it is erased
   */
  Auditor(Calls calls, NumberedLedger ledger, int retention) {
    this.calls = calls;
    this.ledger = ledger;
    this.restNanos = TimeUnit.SECONDS.toNanos(retention) / PASSES_OF_A_RETENTION;
    thread.setDaemon(true);
  }

  /**
   * What was found.
   *
   * @param conversations read
   * @param erased of those, gone when they were looked for again
   * @param gaps messages whose seq does not follow the one before
   * @param early clocks breached before they were due, or met after
   * @param undecided closed conversations whose first clock runs
   * @param missed conversations that were gone before they were read: the auditor was too slow
   */
  record Found(
      long conversations,
      long erased,
      int gaps,
      int breached,
      int early,
      int undecided,
      int missed,
      int troubles,
      double longestPassSeconds) {

    boolean isClean() {
      return gaps == 0 && early == 0 && undecided == 0 && missed == 0 && troubles == 0;
    }
  }

  void begin() {
    thread.start();
  }

  /** Reads what is left, whatever its state, and says what was found. */
  Found finish() throws InterruptedException {
    running = false;
    thread.join(TimeUnit.SECONDS.toMillis(120));
    if (thread.isAlive()) {
      troubles.incrementAndGet();
    }
    pass(false);
    return found();
  }

  Found found() {
    return new Found(
        conversations.get(),
        erased.get(),
        gaps.get(),
        breached.get(),
        early.get(),
        undecided.get(),
        missed.get(),
        troubles.get(),
        longestPassSeconds);
  }

  private void passes() {
    while (running) {
      try {
        pass(true);
      } catch (IllegalStateException noAnswer) {
        troubles.incrementAndGet();
      }
      LockSupport.parkNanos(restNanos);
    }
  }

  private void pass(boolean closedOnly) {
    long began = System.nanoTime();
    Set<String> here = new HashSet<>();
    List<java.util.concurrent.Future<?>> all = new ArrayList<>();
    String cursor = "";
    do {
      String path =
          "/api/v1/conversations?limit=200" + (closedOnly ? "&state=closed" : "") + cursor;
      JsonNode page = ask(path).body();
      for (JsonNode one : page.path("conversations")) {
        String id = one.path("id").asText();
        here.add(id);
        if (read.add(id)) {
          all.add(readers.submit(() -> readOrForget(one, id)));
        }
      }
      cursor = page.hasNonNull("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
    } while (!cursor.isEmpty());
    for (java.util.concurrent.Future<?> one : all) {
      await(one);
    }
    int before = read.size();
    if (read.retainAll(here)) {
      erased.addAndGet(before - read.size());
    }
    longestPassSeconds = Math.max(longestPassSeconds, (System.nanoTime() - began) / 1e9);
  }

  private void await(java.util.concurrent.Future<?> reading) {
    try {
      Object nothing = reading.get(120, TimeUnit.SECONDS);
      assert nothing == null;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      troubles.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One that could not be read is read with the next pass. */
  private void readOrForget(JsonNode conversation, String id) {
    try {
      read(conversation, id);
    } catch (RuntimeException noAnswer) {
      read.remove(id);
      throw noAnswer;
    }
  }

  private void read(JsonNode conversation, String id) {
    List<String> inbound = new ArrayList<>();
    int expected = 1;
    int gap = 0;
    while (true) {
      ApiClient.Answer answer =
          ask("/api/v1/conversations/" + id + "/messages?limit=200&after=" + (expected - 1));
      if (answer.status() == 404) {
        missed.incrementAndGet();
        return;
      }
      JsonNode messages = answer.body().path("messages");
      for (JsonNode message : messages) {
        gap += message.path("seq").asInt() == expected ? 0 : 1;
        expected = message.path("seq").asInt() + 1;
        if (message.path("direction").asText().equals("inbound")) {
          inbound.add(message.path("externalId").asText());
        }
      }
      if (messages.size() < 200) {
        break;
      }
    }
    inbound.forEach(ledger::stored);
    gaps.addAndGet(gap);
    conversations.incrementAndGet();
    judge(conversation);
  }

  /** Exactly at the deadline is met. */
  private void judge(JsonNode conversation) {
    JsonNode clock = conversation.path("clocks").path("firstResponse");
    String state = clock.path("state").asText();
    boolean isClosed = conversation.path("state").asText().equals("closed");
    if (isClosed && (state.equals("running") || state.isEmpty())) {
      undecided.incrementAndGet();
    }
    if (clock.hasNonNull("endedAt") && clock.hasNonNull("dueAt")) {
      Instant due = Instant.parse(clock.path("dueAt").asText());
      Instant ended = Instant.parse(clock.path("endedAt").asText());
      breached.addAndGet(state.equals("breached") ? 1 : 0);
      boolean isEarly = state.equals("breached") && ended.isBefore(due);
      boolean isLate = state.equals("met") && ended.isAfter(due);
      early.addAndGet(isEarly || isLate ? 1 : 0);
    }
  }

  private ApiClient.Answer ask(String path) {
    ApiClient.Answer answer =
        calls.ask(LoadConfig.OPERATOR, path.hashCode() & 1, api -> api.get(path));
    if (!answer.isOk() && answer.status() != 404) {
      throw new IllegalStateException("the API answered " + answer.status() + " " + answer.body());
    }
    return answer;
  }

  @Override
  public void close() {
    running = false;
    var unused = readers.shutdownNow();
  }
}
