// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Customers who write at planned times through the gateways in turn. What is not acknowledged is
 * written again, to the next gateway, until it is; every hundredth is written twice. A customer
 * writes some {@value #MESSAGES_EACH} messages, then another one begins. Everything happens on one
 * Vert.x context but {@link #take}.
 */
final class Customers {

  private static final int ACTIVE = 800;
  private static final int MESSAGES_EACH = 40;
  private static final int CONNECTIONS = 64;
  private static final int PATIENCE_TRIES = 400;

  private final Vertx vertx;
  private final Context home;
  private final Supplier<List<URI>> gateways;
  private final NumberedLedger ledger;
  private final Random random;
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private final Map<URI, IntakeLoad> loads = new HashMap<>();
  private final int[] active = new int[ACTIVE];
  private final String filler = "商品到货时包装破损 the parcel arrived damaged ".repeat(6);
  private Histogram latency = new Histogram(120_000_000L, 3);
  private long accepted;
  private long refused;
  private long unknown;
  private long lagNanos;
  private int contacts;
  private int sequence;
  private long underWay;
  private boolean running;

  Customers(Vertx vertx, Supplier<List<URI>> gateways, NumberedLedger ledger, long seed) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.gateways = gateways;
    this.ledger = ledger;
    this.random = new Random(seed);
    for (int i = 0; i < ACTIVE; i++) {
      active[i] = ++contacts;
    }
  }

  /**
   * What happened since the last look.
   *
   * @param latency from the plan until accepted, repeats included, microseconds
   * @param lagMillis the longest time from the plan of a message until it was sent
   */
  record Seen(long accepted, long refused, long unknown, Histogram latency, long lagMillis) {}

  /** What happened since the last look. */
  Future<Seen> take() {
    return onHome(
        () -> {
          Seen seen = new Seen(accepted, refused, unknown, latency, lagNanos / 1_000_000);
          latency = new Histogram(120_000_000L, 3);
          accepted = 0;
          refused = 0;
          unknown = 0;
          lagNanos = 0;
          return Future.succeededFuture(seen);
        });
  }

  /** As fast as answers come, with so many under way; how many a second were accepted. */
  Future<Double> ceiling(int workers, Duration time) {
    return onHome(
        () -> {
          long began = System.nanoTime();
          long end = began + time.toNanos();
          long before = accepted;
          List<Future<Void>> all = new ArrayList<>();
          for (int i = 0; i < workers; i++) {
            Promise<Void> over = Promise.promise();
            step(end, over);
            all.add(over.future());
          }
          return Future.all(all)
              .map(done -> (accepted - before) / ((System.nanoTime() - began) / 1e9));
        });
  }

  private void step(long end, Promise<Void> over) {
    if (System.nanoTime() >= end) {
      over.complete();
      return;
    }
    write(System.nanoTime()).onComplete(done -> step(end, over));
  }

  /** So many a second from now on, until {@link #stop}. */
  void begin(double perSecond) {
    home.runOnContext(
        v -> {
          running = true;
          long began = System.nanoTime();
          long[] written = new long[1];
          vertx.setPeriodic(1, timer -> catchUp(timer, began, perSecond, written));
        });
  }

  private void catchUp(long timer, long began, double perSecond, long[] written) {
    if (!running) {
      boolean cancelled = vertx.cancelTimer(timer);
      assert cancelled;
      return;
    }
    long now = System.nanoTime();
    long due = (long) ((now - began) / 1e9 * perSecond);
    while (written[0] < due) {
      long planned = began + (long) (written[0]++ / perSecond * 1e9);
      lagNanos = Math.max(lagNanos, now - planned);
      Future<Void> unused = write(planned);
    }
  }

  /** Nothing new; ends when nothing is under way. */
  Future<Void> stop() {
    return onHome(
        () -> {
          running = false;
          Promise<Void> over = Promise.promise();
          vertx.setPeriodic(
              20,
              timer -> {
                if (underWay == 0 && vertx.cancelTimer(timer)) {
                  over.complete();
                }
              });
          return over.future();
        });
  }

  /** Ids used so far. */
  Future<Integer> written() {
    return onHome(() -> Future.succeededFuture(sequence));
  }

  private Future<Void> write(long planned) {
    int number = ++sequence;
    int place = random.nextInt(ACTIVE);
    int contact = active[place];
    if (random.nextInt(MESSAGES_EACH) == 0) {
      active[place] = ++contacts;
    }
    boolean twice = random.nextInt(100) == 0;
    underWay++;
    Future<Boolean> first = deliver(number, contact, 0).onSuccess(is -> count(is, planned));
    first
        .compose(is -> twice ? again(number, contact) : Future.succeededFuture(is))
        .onComplete(done -> underWay--);
    return first.mapEmpty();
  }

  private void count(boolean isAccepted, long planned) {
    if (isAccepted) {
      accepted++;
      long micros = (System.nanoTime() - planned) / 1_000;
      latency.recordValue(Math.max(1, Math.min(119_999_999L, micros)));
    }
  }

  private Future<Boolean> again(int number, int contact) {
    return rest(200 + random.nextInt(3_000)).compose(v -> deliver(number, contact, 1));
  }

  private Future<Boolean> deliver(int number, int contact, int tried) {
    List<URI> known = gateways.get();
    long seconds = Clock.systemUTC().instant().getEpochSecond();
    WebhookRequests.Signed signed =
        requests.message(NumberedLedger.id(number), "c" + contact, text(number, contact), seconds);
    return load(known.get((number + tried) % known.size()))
        .status(signed)
        .map(status -> status / 100 == 2 ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.REFUSED)
        .otherwise(Ledger.Outcome.UNKNOWN)
        .compose(
            outcome -> {
              ledger.sent(number, outcome);
              if (outcome == Ledger.Outcome.ACCEPTED || tried > PATIENCE_TRIES) {
                return Future.succeededFuture(outcome == Ledger.Outcome.ACCEPTED);
              }
              refused += outcome == Ledger.Outcome.REFUSED ? 1 : 0;
              unknown += outcome == Ledger.Outcome.UNKNOWN ? 1 : 0;
              return rest(100 + random.nextInt(400))
                  .compose(v -> deliver(number, contact, tried + 1));
            });
  }

  /** Every fifth contact is in a hurry; 60 to 200 characters. */
  private String text(int number, int contact) {
    return (contact % 5 == 0 ? "urgent " : "hello ") + filler.substring(0, 60 + number % 100);
  }

  private IntakeLoad load(URI gateway) {
    return loads.computeIfAbsent(
        gateway, target -> new IntakeLoad(vertx, target, CONNECTIONS, null));
  }

  private Future<Void> rest(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis, timer -> over.complete());
    return over.future();
  }

  private <T> Future<T> onHome(Supplier<Future<T>> work) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return over.future();
  }
}
