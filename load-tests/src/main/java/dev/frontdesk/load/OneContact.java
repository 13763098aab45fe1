// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Eight writers send a thousand messages each to one contact, every message three times, to two
 * gateways on one Redis. There must be one conversation with seq 1 to 8000.
 */
public final class OneContact {

  private static final int WRITERS = 8;
  private static final int EACH = 1_000;
  private static final int COPIES = 3;

  private final Path folder;
  private final PrintStream out;
  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final Ledger ledger = new Ledger();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);

  /** A run in a folder of its own. */
  public OneContact(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  /** Whether it is clean. */
  public boolean run() {
    try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"));
        GatewayProcess one = gateway(redis, "one");
        GatewayProcess two = gateway(redis, "two")) {
      List<IntakeLoad> targets =
          List.of(
              new IntakeLoad(vertx, one.publicUrl(), WRITERS * COPIES, ledger),
              new IntakeLoad(vertx, two.publicUrl(), WRITERS * COPIES, ledger));
      List<Future<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = "w" + writer + "-";
        Promise<Void> over = Promise.promise();
        home.runOnContext(v -> next(targets, name, 0, over));
        writers.add(over.future());
      }
      CrashRun.await(Future.all(writers), 300);
      ReadBack read = new ReadBack(one.publicUrl(), LoadConfig.OPERATOR);
      List<JsonNode> conversations = read.conversations();
      int gaps = read.inbound(message -> ledger.stored(message.path("externalId").asText()));
      int lastSeq = conversations.stream().mapToInt(c -> c.path("lastSeq").asInt()).max().orElse(0);
      Ledger.Balance balance = ledger.balance();
      double conflicts =
          Metrics.read(one.managementUrl()).sum("frontdesk_commit_conflicts_total")
              + Metrics.read(two.managementUrl()).sum("frontdesk_commit_conflicts_total");
      out.printf(
          java.util.Locale.ROOT,
          "%d writers x %d messages x %d copies on two gateways: conversations %d, lastSeq %d, gaps"
              + " %d, commits decided again %.0f, blocked %d%n%s%n",
          WRITERS,
          EACH,
          COPIES,
          conversations.size(),
          lastSeq,
          gaps,
          conflicts,
          one.blockedWarnings() + two.blockedWarnings(),
          balance);
      return conversations.size() == 1
          && lastSeq == WRITERS * EACH
          && gaps == 0
          && balance.isClean()
          && one.blockedWarnings() + two.blockedWarnings() == 0
          && balance.stored() == WRITERS * EACH;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private GatewayProcess gateway(RedisProcess redis, String name) {
    Path own = folder.resolve(name);
    Path config = new LoadConfig(own).redis(redis.url()).write("gateway.yaml");
    return GatewayProcess.start(config, own.resolve("gateway.log"), Map.of());
  }

  /** All copies of one message at once; the next message when all are answered 2xx. */
  private void next(List<IntakeLoad> targets, String writer, int number, Promise<Void> over) {
    if (number == EACH) {
      over.complete();
      return;
    }
    List<Future<Void>> copies = new ArrayList<>();
    for (int copy = 0; copy < COPIES; copy++) {
      copies.add(deliver(targets, writer + number, copy));
    }
    Future.all(copies).onComplete(done -> next(targets, writer, number + 1, over));
  }

  private Future<Void> deliver(List<IntakeLoad> targets, String id, int copy) {
    WebhookRequests.Signed signed =
        requests.message(
            id, "everyone", "message " + id, Clock.systemUTC().instant().getEpochSecond());
    return targets
        .get(copy % targets.size())
        .one(signed, System.nanoTime())
        .compose(
            outcome ->
                outcome == Ledger.Outcome.ACCEPTED
                    ? Future.succeededFuture()
                    : deliver(targets, id, copy + 1));
  }
}
