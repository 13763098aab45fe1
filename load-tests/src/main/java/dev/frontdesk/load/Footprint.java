// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** What a gateway and its store weigh: bytes per entity, start time, resident memory when idle. */
public final class Footprint {

  private static final int CONVERSATIONS = 20_000;
  private static final int MESSAGES = 3;

  private final Path folder;
  private final PrintStream out;
  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private int sequence;

  Footprint(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  boolean run() {
    Path config = new LoadConfig(folder).write("footprint.yaml");
    long began = System.nanoTime();
    try (GatewayProcess gateway =
        GatewayProcess.start(config, folder.resolve("gateway.log"), Map.of())) {
      IntakeLoad load = new IntakeLoad(vertx, gateway.publicUrl(), 64, null);
      Ledger.Outcome first = on(() -> load.one(message("first"), System.nanoTime()), 10);
      double toFirst = (System.nanoTime() - began) / 1e9;
      pause(Duration.ofSeconds(10));
      double resident = gateway.residentBytes() / 1048576.0;
      String redis = RedisProcess.url(folder.resolve("data"));
      long before = RedisProcess.dataset(redis);
      for (int round = 0; round < MESSAGES; round++) {
        int[] contact = new int[1];
        IntakeLoad.Measured sent =
            on(
                () ->
                    load.rate(
                        1_500,
                        Duration.ofMillis(CONVERSATIONS * 1_000L / 1_500),
                        i -> message("c" + contact[0]++)),
                120);
        if (sent.accepted() < CONVERSATIONS - 10) {
          throw new IllegalStateException("only " + sent.accepted() + " were accepted");
        }
      }
      double perConversation = (RedisProcess.dataset(redis) - before) / (double) CONVERSATIONS;
      double perTimer = memory(redis, "t") / (double) count(redis, "t");
      out.printf(
          java.util.Locale.ROOT,
          "start to first accepted webhook %.2f s (listening after %.2f s, first answer %s), idle"
              + " RSS %.0f MiB%n",
          toFirst,
          gateway.startMillis() / 1000.0,
          first,
          resident);
      out.printf(
          java.util.Locale.ROOT,
          "Redis bytes per open conversation with %d messages, everything included: %.0f; per timer"
              + " %.0f; per remembered id %.0f; blocked %d%n",
          MESSAGES,
          perConversation,
          perTimer,
          perId(redis),
          gateway.blockedWarnings());
      return first == Ledger.Outcome.ACCEPTED
          && toFirst <= 4
          && resident <= 200
          && perConversation <= 3_072
          && perTimer <= 130
          && perId(redis) <= 64
          && gateway.blockedWarnings() == 0;
    } finally {
      CrashRun.await(vertx.close(), 10);
    }
  }

  private WebhookRequests.Signed message(String contact) {
    return requests.message(
        "f" + ++sequence,
        contact,
        "Where is my parcel, order number " + sequence + "?",
        Clock.systemUTC().instant().getEpochSecond());
  }

  /** Of all its elements: five, the default, are as large as their random levels happen to be. */
  private static long memory(String redis, String key) {
    return RedisProcess.ask(
        redis,
        commands ->
            commands.dispatch(
                CommandType.MEMORY,
                new IntegerOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                    .add("USAGE")
                    .add("{" + LoadConfig.WORKSPACE + "}:" + key)
                    .add("SAMPLES")
                    .add(0)));
  }

  private static long count(String redis, String key) {
    return RedisProcess.ask(
        redis, commands -> commands.zcard("{" + LoadConfig.WORKSPACE + "}:" + key));
  }

  /** Memory of all dedupe hashes over the ids in them. */
  private static double perId(String redis) {
    return RedisProcess.ask(
        redis,
        commands -> {
          long bytes = 0;
          long ids = 0;
          for (String key : commands.keys("{" + LoadConfig.WORKSPACE + "}:d:*")) {
            bytes += commands.memoryUsage(key);
            ids += commands.hlen(key);
          }
          return bytes / (double) Math.max(1, ids);
        });
  }

  private void pause(Duration time) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(time.toMillis(), t -> over.complete());
    CrashRun.await(over.future(), time.toSeconds() + 10);
  }

  private <T> T on(Supplier<Future<T>> work, long seconds) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), seconds + 30);
  }
}
