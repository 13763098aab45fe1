// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Customers who write without pause, each a contact of its own with one message under way, and the
 * ledger of their calls. Who repeats sends a message until it is accepted, as platforms do; who
 * does not goes on with the next, so that an accepted one that is gone shows as lost.
 */
public final class Writers {

  private final Vertx vertx;
  private final Context home;
  private final Map<URI, IntakeLoad> loads = new HashMap<>();
  private final List<URI> targets = new CopyOnWriteArrayList<>();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final List<Future<Void>> over = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final int pauseMillis;
  private volatile WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private volatile boolean repeat = true;
  private volatile boolean running = true;

  /**
   * One call.
   *
   * @param status of the answer; 0: none came; -1: nobody took the connection
   */
  public record Call(String id, long sentNanos, long answeredNanos, int status) {
    boolean accepted() {
      return status / 100 == 2;
    }

    double tookMillis() {
      return (answeredNanos - sentNanos) / 1e6;
    }
  }

  /** Nobody writes yet; each rests so long between two messages, ms. */
  Writers(Vertx vertx, int pauseMillis) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.pauseMillis = Math.max(1, pauseMillis);
  }

  /** They give a message up that was not accepted and go on with the next. */
  public Writers withoutRepeating() {
    repeat = false;
    return this;
  }

  /** From now on they sign so. */
  public void secret(String whsec) {
    requests = new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, whsec);
  }

  /** Where they write from now on; several take turns. */
  public void to(URI... gateways) {
    targets.clear();
    targets.addAll(List.of(gateways));
  }

  /** {@code number} contacts {@code name-0}, {@code name-1} … begin. */
  public Writers begin(String name, int number) {
    for (int writer = 0; writer < number; writer++) {
      String contact = name + writer;
      int first = writer;
      Promise<Void> ends = Promise.promise();
      over.add(ends.future());
      home.runOnContext(v -> write(contact, 0, first, ends));
    }
    return this;
  }

  private void write(String contact, int number, int tries, Promise<Void> ends) {
    if (!running || targets.isEmpty()) {
      ends.complete();
      return;
    }
    String id = contact + "-" + number;
    URI target = targets.get(tries % targets.size());
    long sent = System.nanoTime();
    send(target, id, contact)
        .onSuccess(
            status -> {
              calls.add(new Call(id, sent, System.nanoTime(), status));
              boolean accepted = status / 100 == 2;
              ledger.sent(
                  id,
                  accepted
                      ? Ledger.Outcome.ACCEPTED
                      : status > 0 ? Ledger.Outcome.REFUSED : Ledger.Outcome.UNKNOWN);
              int next = accepted || !repeat ? number + 1 : number;
              long rest = accepted ? pauseMillis : 50 + (sent >>> 10) % 100;
              vertx.setTimer(rest, t -> write(contact, next, tries + 1, ends));
            });
  }

  private Future<Integer> send(URI target, String id, String contact) {
    return loads
        .computeIfAbsent(target, url -> new IntakeLoad(vertx, url, 256, null))
        .status(
            requests.message(
                id, contact, "number " + id, Clock.systemUTC().instant().getEpochSecond()))
        .otherwise(failure -> isRefusal(failure) ? -1 : 0);
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ConnectException
        || String.valueOf(failure.getMessage()).contains("Connection refused");
  }

  /** Ends when each has its last answer. */
  public void stop() {
    running = false;
    CrashRun.await(Future.all(over), 60);
  }

  /** They write no more; what is under way is not waited for. */
  void halt() {
    running = false;
  }

  /** Every call that has ended. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** How many calls are so. */
  public long count(Predicate<Call> which) {
    return calls.stream().filter(which).count();
  }

  /** The account of their calls. */
  public Ledger ledger() {
    return ledger;
  }

  /** Accepted calls that were sent after a time. */
  public long acceptedSince(long nanos) {
    return count(call -> call.accepted() && call.sentNanos() - nanos > 0);
  }

  /** From a time to the first answer of a call sent after it that is so, ms; NaN: none was. */
  public double firstAfter(long nanos, Predicate<Call> which) {
    return calls.stream()
            .filter(call -> call.sentNanos() - nanos >= 0 && which.test(call))
            .mapToLong(call -> call.answeredNanos() - nanos)
            .min()
            .orElse(Long.MAX_VALUE)
        / 1e6;
  }

  /** The slowest of those that are so, ms. */
  public double slowest(Predicate<Call> which) {
    return calls.stream().filter(which).mapToDouble(Call::tookMillis).max().orElse(0);
  }

  /** A percentile of how long those that are so took, ms. */
  public double percentile(double share, Predicate<Call> which) {
    double[] took = calls.stream().filter(which).mapToDouble(Call::tookMillis).sorted().toArray();
    return took.length == 0
        ? Double.NaN
        : took[(int) Math.min(took.length - 1, Math.round(share * took.length))];
  }
}
