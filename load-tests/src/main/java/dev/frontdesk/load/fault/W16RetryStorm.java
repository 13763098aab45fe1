// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis is away for a while, and platforms then send everything of that time three times at once,
 * with fresh messages among it: what is refused is sent again until it is accepted.
 */
final class W16RetryStorm extends ProcessRow {

  private static final int MISSED = 3_000;
  private static final int FRESH = 300;

  W16RetryStorm() {
    super(
        "W-16",
        "Redis away, then everything sent three times at once",
        "no message is repeated",
        "accepted");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Ledger ledger = new Ledger();
    Context home = rig.vertx().getOrCreateContext();
    IntakeLoad load = new IntakeLoad(rig.vertx(), gateway.publicUrl(), 256, null);
    WebhookRequests requests =
        new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
    found.equal("before", 200, rig.send(gateway, "before", "before", "hello"));
    ledger.sent("before", Ledger.Outcome.ACCEPTED);
    redis.kill();
    List<Future<Void>> missed = new ArrayList<>();
    for (int i = 0; i < MISSED; i++) {
      missed.add(deliver(rig, home, load, requests, ledger, "m" + i, 1));
    }
    dev.frontdesk.load.CrashRun.await(Future.all(missed), 60);
    int refused = ledger.balance().refused() + ledger.balance().unknown();
    redis.restart();
    long began = System.nanoTime();
    List<Future<Void>> all = new ArrayList<>();
    int tries = control ? 1 : 400;
    for (int copy = 0; copy < 3; copy++) {
      for (int i = 0; i < MISSED; i++) {
        if (!control || i % 2 == 0) {
          all.add(deliver(rig, home, load, requests, ledger, "m" + i, tries));
        }
      }
    }
    for (int i = 0; i < FRESH; i++) {
      all.add(deliver(rig, home, load, requests, ledger, "f" + i, tries));
    }
    dev.frontdesk.load.CrashRun.await(Future.all(all), 120);
    found.note("refusedMeanwhile", refused);
    found.note("landedWithinMs", (System.nanoTime() - began) / 1_000_000);
    Audit audit = Audit.of(gateway.publicUrl(), ledger);
    found.equal("accepted", MISSED + FRESH + 1, audit.balance().accepted());
    found.ledger(audit);
  }

  /** Sends a message until it is accepted, so often at most. */
  private static Future<Void> deliver(
      Rig rig,
      Context home,
      IntakeLoad load,
      WebhookRequests requests,
      Ledger ledger,
      String id,
      int tries) {
    Promise<Void> over = Promise.promise();
    home.runOnContext(v -> attempt(rig, load, requests, ledger, id, tries, over));
    return over.future();
  }

  private static void attempt(
      Rig rig,
      IntakeLoad load,
      WebhookRequests requests,
      Ledger ledger,
      String id,
      int tries,
      Promise<Void> over) {
    long seconds = Clock.systemUTC().instant().getEpochSecond();
    String contact = "c" + Math.floorMod(id.hashCode(), 400);
    load.one(requests.message(id, contact, "message " + id, seconds), System.nanoTime())
        .onSuccess(
            outcome -> {
              ledger.sent(id, outcome);
              if (outcome == Ledger.Outcome.ACCEPTED || tries == 1) {
                over.complete();
              } else {
                rig.vertx()
                    .setTimer(
                        200 + Math.floorMod(id.hashCode(), 200),
                        t -> attempt(rig, load, requests, ledger, id, tries - 1, over));
              }
            });
  }
}
