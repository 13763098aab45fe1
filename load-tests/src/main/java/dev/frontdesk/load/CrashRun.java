// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Kills something under full intake, again and again, while senders repeat what was not
 * acknowledged, as platforms do; then reads everything back.
 *
 * <p>{@code gateway}: {@code kill -9} of the gateway, restarted at once. {@code redis}: {@code kill
 * -9} of Redis and its unsynced bytes dropped; senders do NOT repeat, so that an acknowledged
 * message that is gone shows as lost.
 *
 * <p>Each kill waits until a message sent after the one before was accepted: a kill of what is down
 * proves nothing. A gateway that accepts nothing within {@link #PATIENCE} ends the run.
 */
public final class CrashRun implements AutoCloseable {

  private static final int SENDERS = 64;
  private static final int CONTACTS = 500;

  /** From a kill until a message sent after it is accepted; it takes a second or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final PrintStream out;
  private final Random random;
  private final Vertx vertx = Vertx.vertx();
  private final Ledger ledger = new Ledger();
  private final AtomicInteger sequence = new AtomicInteger();
  private volatile @Nullable IntakeLoad target;
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private final AtomicInteger newestAccepted = new AtomicInteger();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private volatile boolean sending = true;

  /** A run in a folder of its own. */
  public CrashRun(Path folder, PrintStream out, long seed) {
    this.folder = folder;
    this.out = out;
    this.random = new Random(seed);
    out.println("seed " + seed + ", folder " + folder.getFileName());
  }

  /**
   * {@code rounds} kills of the gateway; true if the ledger is clean.
   *
   * @param repeat whether senders repeat what was not acknowledged
   */
  public boolean gateway(int rounds, boolean repeat) {
    Path config = new LoadConfig(folder).write("crash.yaml");
    GatewayProcess gateway = start(config);
    Future<Void> senders = senders(repeat);
    for (int round = 1; round <= rounds; round++) {
      rest(700 + random.nextInt(1_300));
      gateway.kill();
      int killedAt = sequence.get();
      gateway = start(config);
      awaitAccepted(killedAt, "kill " + round);
      out.println("kill " + round + " and back: " + ledger.outcomes());
    }
    return finish(gateway, senders, "gateway kill -9 x" + rounds);
  }

  /** {@code rounds} power cuts of Redis, until at least {@code least} were acknowledged. */
  public boolean redis(int rounds, String fsync, int least) throws IOException {
    Path log = folder.resolve("dropped");
    Path wrapper = powerLoss();
    Path config = new LoadConfig(folder).fsync(fsync).binary(wrapper).write("crash.yaml");
    GatewayProcess gateway =
        start(
            config,
            Map.of(
                "POWERLOSS_REDIS", realRedis(),
                "POWERLOSS_SHIM", folder.resolve("synced_size.so").toString(),
                "POWERLOSS_DATA", folder.resolve("data").toString(),
                "POWERLOSS_LOG", log.toString()));
    Future<Void> senders = senders(false);
    int round = 0;
    while (round < rounds || ledger.balance().accepted() < least) {
      rest(1_500 + random.nextInt(1_500));
      killRedis();
      int killedAt = sequence.get();
      round++;
      awaitAccepted(killedAt, "power cut " + round);
      out.println("power cut " + round + " and back: " + ledger.outcomes());
    }
    long dropped =
        Files.exists(log) ? Files.readAllLines(log).stream().mapToLong(Long::parseLong).sum() : 0;
    out.println("unsynced bytes dropped: " + dropped);
    return finish(gateway, senders, "redis power loss x" + round + " with " + fsync);
  }

  /** Waits for the first acceptance of a message numbered above {@code killedAt}. */
  private void awaitAccepted(int killedAt, String what) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (newestAccepted.get() <= killedAt) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            what
                + ": nothing sent since was accepted within "
                + PATIENCE.toSeconds()
                + " s, "
                + ledger.outcomes());
      }
      rest(20);
    }
  }

  /** What became of every message, once a run has read them back. */
  public Ledger.Balance balance() {
    return ledger.balance();
  }

  /** Ends what a failed run leaves behind. */
  @Override
  public void close() {
    gateways.forEach(GatewayProcess::close);
    RedisProcess.of(folder.resolve("data")).ifPresent(ProcessHandle::destroyForcibly);
    await(vertx.close(), 10);
  }

  private boolean finish(GatewayProcess gateway, Future<Void> senders, String what) {
    rest(2_000);
    sending = false;
    await(senders, 60);
    int gaps =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .inbound(message -> ledger.stored(message.path("externalId").asText()));
    Ledger.Balance balance = ledger.balance();
    int code = gateway.stop();
    int blocked = gateways.stream().mapToInt(GatewayProcess::blockedWarnings).sum();
    out.println(what + ": " + balance + " gaps=" + gaps + " blocked=" + blocked);
    out.println("SIGTERM exit code " + code);
    return balance.isClean() && gaps == 0 && blocked == 0 && code == 0;
  }

  private GatewayProcess start(Path config) {
    return start(config, Map.of());
  }

  private GatewayProcess start(Path config, Map<String, String> environment) {
    GatewayProcess gateway =
        GatewayProcess.start(config, folder.resolve("gateway.log"), environment);
    gateways.add(gateway);
    target = new IntakeLoad(vertx, gateway.publicUrl(), SENDERS, null);
    return gateway;
  }

  private Future<Void> senders(boolean repeat) {
    List<Future<Void>> all = new ArrayList<>();
    Context home = vertx.getOrCreateContext();
    for (int i = 0; i < SENDERS; i++) {
      Promise<Void> over = Promise.promise();
      home.runOnContext(v -> next(repeat, over));
      all.add(over.future());
    }
    return Future.all(all).mapEmpty();
  }

  private void next(boolean repeat, Promise<Void> over) {
    if (!sending) {
      over.complete();
      return;
    }
    int number = sequence.incrementAndGet();
    String id = "m" + number;
    String text = number % 7 == 0 ? "urgent: 退款 please " + id : "where is my parcel " + id;
    deliver(id, "c" + number % CONTACTS, text, repeat, 0)
        .onSuccess(
            accepted -> {
              if (accepted) {
                newestAccepted.accumulateAndGet(number, Math::max);
              }
            })
        .onComplete(done -> next(repeat, over));
  }

  /** Whether it was accepted in the end. */
  private Future<Boolean> deliver(
      String id, String contact, String text, boolean repeat, int tried) {
    long seconds = Clock.systemUTC().instant().getEpochSecond();
    WebhookRequests.Signed signed = requests.message(id, contact, text, seconds);
    return Objects.requireNonNull(target)
        .one(signed, System.nanoTime())
        .compose(
            outcome -> {
              ledger.sent(id, outcome);
              if (outcome == Ledger.Outcome.ACCEPTED) {
                return Future.succeededFuture(true);
              }
              Promise<Void> later = Promise.promise();
              vertx.setTimer(50 + random.nextInt(200), t -> later.complete());
              return later
                  .future()
                  .compose(
                      v ->
                          repeat && tried < 200
                              ? deliver(id, contact, text, true, tried + 1)
                              : Future.succeededFuture(false));
            });
  }

  private Path powerLoss() throws IOException {
    Files.createDirectories(folder);
    Path source = copied("synced_size.c");
    Path script = copied("redis-under-power-loss.sh");
    run(
        "gcc",
        "-shared",
        "-fPIC",
        "-O2",
        "-o",
        folder.resolve("synced_size.so").toString(),
        source.toString(),
        "-ldl");
    run("chmod", "+x", script.toString());
    return script;
  }

  private Path copied(String name) throws IOException {
    Path to = folder.resolve(name);
    try (var in = CrashRun.class.getResourceAsStream("/powerloss/" + name)) {
      Files.copy(Objects.requireNonNull(in), to);
    }
    return to;
  }

  /** A dynamically linked redis-server: the one on PATH, or the bundled one. */
  private String realRedis() throws IOException {
    String fromPath = System.getenv("REDIS_SERVER");
    return fromPath != null ? fromPath : RedisProcess.binary(folder).toString();
  }

  /** The server this run's gateway started: it has its pid in the data folder. */
  private void killRedis() {
    ProcessHandle redis = RedisProcess.of(folder.resolve("data")).orElseThrow();
    boolean asked = redis.destroyForcibly();
    assert asked;
    await(Future.fromCompletionStage(redis.onExit()), 10);
  }

  private static void run(String... command) throws IOException {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void rest(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis, t -> over.complete());
    await(over.future(), millis / 1_000 + 10);
  }

  /** Waits for a future from a thread that is no event loop. */
  public static <T> T await(Future<T> future, long seconds) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
