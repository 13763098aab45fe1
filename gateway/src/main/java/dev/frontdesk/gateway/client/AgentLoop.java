// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's desktop software does: says it is available, polls, hands each change to a
 * listener, and resumes where it was after any failure. Runs on a thread of its own until stopped.
 */
public final class AgentLoop implements Runnable {

  private final ApiClient api;
  private final int waitSeconds;
  private final Consumer<JsonNode> listener;
  private final Consumer<String> trouble;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * A loop that is not running.
   *
   * @param waitSeconds how long one poll may wait, 0 to 55
   * @param listener gets every change, in order; one that throws gets it again with the next poll
   * @param trouble gets a sentence about each failed poll
   */
  public AgentLoop(
      ApiClient api, int waitSeconds, Consumer<JsonNode> listener, Consumer<String> trouble) {
    this.api = api;
    this.waitSeconds = waitSeconds;
    this.listener = listener;
    this.trouble = trouble;
  }

  @Override
  public void run() {
    String cursor = null;
    boolean present = false;
    while (stopped.getCount() > 0) {
      try {
        present = present || isPresent();
        cursor = poll(cursor);
      } catch (UncheckedIOException | IllegalStateException e) {
        present = false;
        trouble.accept(String.valueOf(e.getMessage()));
        pause();
      }
    }
  }

  /** Ends the loop after the poll that waits now. */
  public void stop() {
    stopped.countDown();
  }

  private boolean isPresent() {
    ApiClient.Answer answer = api.put("/api/v1/agent/presence", Map.of("presence", "available"));
    if (!answer.isOk()) {
      throw new IllegalStateException("presence answered " + answer.status());
    }
    return true;
  }

  /** One poll; the cursor only moves when every change of it was handled. */
  private @Nullable String poll(@Nullable String cursor) {
    String after = Optional.ofNullable(cursor).map(c -> "&cursor=" + c).orElse("");
    ApiClient.Answer answer = api.get("/api/v1/agent/conversations?wait=" + waitSeconds + after);
    if (answer.status() == 410) {
      return null;
    }
    if (!answer.isOk()) {
      throw new IllegalStateException("poll answered " + answer.status());
    }
    answer.body().path("changes").forEach(listener);
    return answer.body().path("cursor").asText();
  }

  private void pause() {
    try {
      boolean ended = stopped.await(500, TimeUnit.MILLISECONDS);
      assert ended || stopped.getCount() > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }
}
