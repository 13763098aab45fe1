// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Customers who write without pause until told to stop, and the ledger of their calls. */
final class Load {

  private static final long PAUSE_MILLIS = 10;

  private final Fleet fleet;
  private final String name;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final List<Future<Void>> writers = new ArrayList<>();
  private volatile boolean running = true;

  /**
   * One call.
   *
   * @param status 0: no answer, the outcome is unknown
   */
  record Call(String id, long sentNanos, long answeredNanos, int status) {
    boolean accepted() {
      return status / 100 == 2;
    }

    long tookMillis() {
      return (answeredNanos - sentNanos) / 1_000_000;
    }
  }

  /** Starts {@code writers} customers of node 0, each a contact of its own. */
  Load(Fleet fleet, String name, int writers) {
    this.fleet = fleet;
    this.name = name;
    for (int writer = 0; writer < writers; writer++) {
      Promise<Void> over = Promise.promise();
      this.writers.add(over.future());
      write(writer, 0, over);
    }
  }

  private void write(int writer, int number, Promise<Void> over) {
    if (!running) {
      over.complete();
      return;
    }
    String contact = name + "-" + writer;
    String id = contact + "-" + number;
    long sent = System.nanoTime();
    fleet
        .post(0, fleet.text(contact, id, "number " + number))
        .onComplete(
            done -> {
              int status = done.succeeded() ? done.result().status() : 0;
              calls.add(new Call(id, sent, System.nanoTime(), status));
              fleet
                  .vertx()
                  .setTimer(status == 200 ? 1 : PAUSE_MILLIS, t -> write(writer, number + 1, over));
            });
  }

  /** Everything that was answered so far. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Ends when every customer has its last answer. */
  void stop() {
    running = false;
    TestGateway.await(Future.join(writers));
  }

  /** Ids that were accepted and are nowhere. */
  Set<String> lost() {
    Set<String> stored = Set.copyOf(stored());
    return calls.stream()
        .filter(Call::accepted)
        .map(Call::id)
        .filter(id -> !stored.contains(id))
        .collect(Collectors.toSet());
  }

  /** The ids that are stored, as often as they are. */
  List<String> stored() {
    List<String> ids = new ArrayList<>();
    for (JsonNode conversation :
        fleet.conversations(
            c -> c.path("contact").path("externalId").asText().startsWith(name + "-"))) {
      fleet
          .messages(conversation.path("id").asText())
          .forEach(message -> ids.add(message.path("externalId").asText()));
    }
    return ids;
  }
}
