// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.AsyncApiClient;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Agents of a live gateway: each polls, accepts what it is offered, thinks, answers and resolves.
 * Those who are away only poll. A command that is refused for now is repeated under its key.
 */
final class Agents {

  private static final int POLL_SECONDS = 20;
  private static final long AGAIN_MILLIS = 500;
  private static final int TRIES = 20;

  private final Vertx vertx;
  private final Api api;
  private final Replies replies;
  private final long thinkMillis;
  private final AtomicInteger inHand = new AtomicInteger();
  private final AtomicInteger resolved = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();
  private final AtomicInteger pollsRefused = new AtomicInteger();
  private final AtomicInteger pollsOpen = new AtomicInteger();
  private volatile boolean working = true;

  Agents(Vertx vertx, Api api, Replies replies, Duration thinkTime) {
    this.vertx = vertx;
    this.api = api;
    this.replies = replies;
    this.thinkMillis = Math.max(1, thinkTime.toMillis());
  }

  /** Agents number {@code first} and following come to work. */
  void work(int first, int number) {
    for (int i = first; i < first + number; i++) {
      arrive(LoadConfig.agentToken(i), "available");
    }
  }

  /** The same, who take nothing: their polls stay open. */
  void away(int first, int number) {
    for (int i = first; i < first + number; i++) {
      arrive(LoadConfig.agentToken(i), "away");
    }
  }

  /** They accept nothing more and finish what they have. */
  void stop() {
    working = false;
  }

  /** Conversations accepted and not yet resolved. */
  int inHand() {
    return inHand.get();
  }

  /** Polls that wait now. */
  int pollsOpen() {
    return pollsOpen.get();
  }

  /** Polls and arrivals that were not answered as expected. */
  int pollsRefused() {
    return pollsRefused.get();
  }

  @Override
  public String toString() {
    return "resolved="
        + resolved
        + " offersMissed="
        + missed
        + " pollsRefused="
        + pollsRefused
        + " unfinished="
        + inHand;
  }

  private void arrive(String token, String presence) {
    api.put(token, "/api/v1/agent/presence", new JsonObject().put("presence", presence))
        .onSuccess(
            answer -> {
              if (answer.isOk()) {
                poll(token, presence, null);
              } else {
                arriveLater(token, presence);
              }
            });
  }

  private void arriveLater(String token, String presence) {
    pollsRefused.incrementAndGet();
    if (working) {
      vertx.setTimer(AGAIN_MILLIS, later -> arrive(token, presence));
    }
  }

  private void poll(String token, String presence, @Nullable String cursor) {
    String after = cursor == null ? "" : "&cursor=" + cursor;
    pollsOpen.incrementAndGet();
    api.get(token, "/api/v1/agent/conversations?wait=" + POLL_SECONDS + after)
        .onSuccess(
            answer -> {
              pollsOpen.decrementAndGet();
              if (!working) {
                return;
              }
              if (answer.isOk()) {
                JsonArray changes = answer.body().getJsonArray("changes", new JsonArray());
                changes.forEach(change -> hear(token, (JsonObject) change));
                poll(token, presence, answer.body().getString("cursor"));
              } else if (answer.status() == 410) {
                poll(token, presence, null);
              } else {
                arriveLater(token, presence);
              }
            });
  }

  private void hear(String token, JsonObject change) {
    JsonObject offer = change.getJsonObject("offer");
    if (!"offered".equals(change.getString("type")) || offer == null) {
      return;
    }
    String id = change.getJsonObject("conversation").getString("id");
    inHand.incrementAndGet();
    api.post(token, path(id, "accept"), new JsonObject().put("offer", offer.getString("id")), null)
        .onSuccess(
            answer -> {
              if (answer.isOk()) {
                long epoch = answer.body().getLong("epoch");
                vertx.setTimer(thinkMillis, thought -> answer(token, id, epoch));
              } else {
                missed.incrementAndGet();
                inHand.decrementAndGet();
              }
            });
  }

  private void answer(String token, String id, long epoch) {
    String mark = replies.mark();
    JsonObject body = new JsonObject().put("text", "We look into it: " + mark).put("epoch", epoch);
    repeated(token, path(id, "messages"), body, mark, 1)
        .onSuccess(
            answer -> {
              replies.told(mark, outcome(answer));
              repeated(token, path(id, "resolve"), new JsonObject().put("code", "solved"), null, 1)
                  .onSuccess(
                      done -> {
                        resolved.addAndGet(done.isOk() ? 1 : 0);
                        inHand.decrementAndGet();
                      });
            });
  }

  private static Ledger.Outcome outcome(AsyncApiClient.Answer answer) {
    return answer.isOk()
        ? Ledger.Outcome.ACCEPTED
        : answer.isForLater() ? Ledger.Outcome.UNKNOWN : Ledger.Outcome.REFUSED;
  }

  private Future<AsyncApiClient.Answer> repeated(
      String token, String path, JsonObject body, @Nullable String key, int tried) {
    return api.post(token, path, body, key)
        .compose(
            answer ->
                answer.isForLater() && tried < TRIES
                    ? vertx
                        .timer(AGAIN_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS)
                        .compose(later -> repeated(token, path, body, key, tried + 1))
                    : Future.succeededFuture(answer));
  }

  private static String path(String conversation, String command) {
    return "/api/v1/conversations/" + conversation + "/" + command;
  }
}
