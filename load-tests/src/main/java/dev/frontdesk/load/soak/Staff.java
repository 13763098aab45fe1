// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.load.LoadConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Agents who poll, accept what is offered, answer after half a second to four, and resolve some
 * seconds later. Half of them poll one gateway, half the other. Each call is made again at the
 * other gateway when there is no answer.
 */
final class Staff implements AutoCloseable {

  private static final int POLL_SECONDS = 20;
  private static final int HANDS = 24;

  private final Calls calls;
  private final List<List<AgentLoop>> loops = List.of(new ArrayList<>(), new ArrayList<>());
  private final int agents;
  private final ScheduledExecutorService work =
      Executors.newScheduledThreadPool(
          HANDS,
          task -> {
            Thread thread = new Thread(task, "staff");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<String> inHand = ConcurrentHashMap.newKeySet();
  private final AtomicLong offered = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong resolved = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong troubles = new AtomicLong();

  Staff(Calls calls, int agents) {
    this.calls = calls;
    this.agents = agents;
  }

  /**
   * Half of the agents come to work at a gateway, those who were there before leave it.
   *
   * @param place 0 or 1
   */
  void sitAt(int place, URI gateway) {
    List<AgentLoop> here = loops.get(place);
    here.forEach(AgentLoop::stop);
    here.clear();
    for (int i = place; i < agents; i += 2) {
      int agent = i;
      AgentLoop loop =
          new AgentLoop(
              calls.at(gateway, LoadConfig.agentToken(agent)),
              POLL_SECONDS,
              change -> hear(agent, change),
              trouble -> {});
      here.add(loop);
      Thread thread = new Thread(loop, "agent-" + agent);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void hear(int agent, JsonNode change) {
    String offer = change.path("offer").path("id").asText();
    if (change.path("type").asText().equals("offered") && !offer.isEmpty() && inHand.add(offer)) {
      offered.incrementAndGet();
      String id = change.path("conversation").path("id").asText();
      after(0, () -> accept(agent, id, offer));
    }
  }

  private void accept(int agent, String id, String offer) {
    ApiClient.Answer answer =
        ask(agent, api -> api.post(path(id) + "/accept", Map.of("offer", offer)));
    if (answer.isOk()) {
      long epoch = answer.body().path("epoch").asLong();
      after(rest(500, 4_000), () -> answer(agent, id, offer, epoch));
    } else {
      drop(offer, answer);
    }
  }

  private void answer(int agent, String id, String offer, long epoch) {
    ApiClient.Answer answer =
        ask(
            agent,
            api ->
                api.post(
                    path(id) + "/messages",
                    Map.of("text", "It is on its way.", "epoch", epoch),
                    "answer-" + offer));
    if (answer.isOk()) {
      answered.incrementAndGet();
      after(rest(2_000, 5_000), () -> resolve(agent, id, offer));
    } else {
      drop(offer, answer);
    }
  }

  private void resolve(int agent, String id, String offer) {
    ApiClient.Answer answer =
        ask(agent, api -> api.post(path(id) + "/resolve", Map.of("code", "solved")));
    if (answer.isOk()) {
      resolved.incrementAndGet();
      inHand.remove(offer);
    } else {
      drop(offer, answer);
    }
  }

  /** Another has it by now, or it expired while a gateway was away: allowed, and counted. */
  private void drop(String offer, ApiClient.Answer answer) {
    inHand.remove(offer);
    (answer.status() == 409 || answer.status() == 410 || answer.status() == 404 ? late : troubles)
        .incrementAndGet();
  }

  private ApiClient.Answer ask(
      int agent, java.util.function.Function<ApiClient, ApiClient.Answer> question) {
    return calls.ask(LoadConfig.agentToken(agent), agent, question);
  }

  private void after(long millis, Runnable task) {
    var unused = work.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (IllegalStateException noAnswer) {
      troubles.incrementAndGet();
    }
  }

  private static long rest(int least, int most) {
    return ThreadLocalRandom.current().nextInt(least, most);
  }

  /** Calls that were answered with something that is not allowed, or not at all. */
  long troubles() {
    return troubles.get();
  }

  long resolved() {
    return resolved.get();
  }

  /** Offers that are being worked on. */
  int inHand() {
    return inHand.size();
  }

  @Override
  public String toString() {
    return "offered="
        + offered
        + " answered="
        + answered
        + " resolved="
        + resolved
        + " late="
        + late
        + " troubles="
        + troubles;
  }

  @Override
  public void close() {
    loops.forEach(here -> here.forEach(AgentLoop::stop));
    var unused = work.shutdownNow();
  }

  private static String path(String id) {
    return "/api/v1/conversations/" + id;
  }
}
