// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.Write;
import io.lettuce.core.KillArgs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with a Redis, on a server of its own: rows of the fault list. */
class RedisTroubleTest {

  private static final String WORKSPACE = "acme";

  private final RedisKeys keys = new RedisKeys(WORKSPACE);
  private final Path folder = TestRedis.folder();
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis server;
  private RedisConnection connection;
  private RedisStore store;

  @BeforeEach
  void start() {
    server = TestRedis.start(vertx, folder);
    connection = TestRedis.connect(vertx, server.address());
    store = TestRedis.await(RedisStore.open(vertx, connection, folder, StoreAlarms.NONE));
    assertThat(TestRedis.await(store.open(WORKSPACE))).isTrue();
  }

  @AfterEach
  void stop() {
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  private Commit.Builder commit(Commit.Urgency urgency) {
    return Commit.of(WORKSPACE, store.clock("acme").now(), urgency);
  }

  private Future<CommitResult> push(String value) {
    return store.commit(
        commit(Commit.Urgency.INTAKE).write(new Write.Push(keys.parked("l"), value)).build());
  }

  private <T extends @Nullable Object> T ask(
      java.util.function.Function<
              io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands<String, String>,
              java.util.concurrent.CompletionStage<T>>
          command) {
    return TestRedis.await(connection.ask(0, command));
  }

  @Test
  void r05_storeThatIsFull_refusesIntake_andLetsWorkFlowOff() {
    for (int n = 0; n < 50; n++) {
      TestRedis.await(
          store.commit(
              commit(Commit.Urgency.INTAKE)
                  .write(new Write.SortedAdd(keys.timers(), "t" + n, 1))
                  .build()));
    }
    ask(redis -> redis.configSet("maxmemory", "1"));

    Guard never = new Guard.Present(keys.gauges(), "never");
    assertThat(TestRedis.await(push("refused"))).isInstanceOf(CommitResult.Full.class);
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1))).isEmpty();
    // none of these can be the first write that Redis refuses: the script asks for room before
    Commit withoutOne =
        commit(Commit.Urgency.INTAKE)
            .write(new Write.SortedRemove(keys.timers(), "t0"))
            .write(new Write.HashAdd(keys.gauges(), "refused", 1))
            .build();
    assertThat(TestRedis.await(store.commit(withoutOne))).isInstanceOf(CommitResult.Full.class);
    Commit withOne =
        commit(Commit.Urgency.INTAKE)
            .write(new Write.SortedRemove(keys.timers(), "t0"))
            .write(new Write.Push(keys.parked("l"), "refused"))
            .build();
    assertThat(TestRedis.await(store.commit(withOne))).isInstanceOf(CommitResult.Full.class);
    assertThat(TestRedis.await(store.sortedCount(keys.timers()))).isEqualTo(50);
    assertThat(TestRedis.await(store.commit(commit(Commit.Urgency.RELEASING).guard(never).build())))
        .isInstanceOf(CommitResult.Conflict.class);
    int left = 50;
    while (left > 0) {
      List<String> due =
          TestRedis.await(store.claimDue(WORKSPACE, keys.timers(), Duration.ofMinutes(1), 20))
              .due()
              .stream()
              .map(row -> row.member())
              .toList();
      assertThat(due).isNotEmpty();
      Commit.Builder fired = commit(Commit.Urgency.RELEASING);
      due.forEach(member -> fired.write(new Write.SortedRemove(keys.timers(), member)));
      fired.write(new Write.HashAdd(keys.gauges(), "fired", due.size()));
      fired.write(new Write.Append(keys.inbox(new Agent.Id("a")), "fired", 10));
      assertThat(TestRedis.await(store.commit(fired.build())))
          .isInstanceOf(CommitResult.Done.class);
      left -= due.size();
    }

    assertThat(TestRedis.await(store.hashGet(keys.gauges(), "fired"))).isEqualTo("50");
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1))).isEmpty();
    ask(redis -> redis.configSet("maxmemory", "256mb"));
    assertThat(TestRedis.await(push("accepted"))).isInstanceOf(CommitResult.Done.class);
  }

  @Test
  void r11_scriptsForgotten_areSentAgain() {
    List<Future<CommitResult>> all = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      if (n % 50 == 25) {
        ask(redis -> redis.scriptFlush());
      }
      all.add(push("m" + n));
    }

    all.forEach(
        commit -> assertThat(TestRedis.await(commit)).isInstanceOf(CommitResult.Done.class));
    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1))).hasSize(200);
  }

  @Test
  void r03_pausedStore_failsWithinTwoSeconds_andKeepsBounded() {
    ask(redis -> redis.clientPause(2_500));
    AtomicLong slowest = new AtomicLong();
    AtomicInteger unknown = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Future<CommitResult>> all = new ArrayList<>();
    for (int n = 0; n < 12_000; n++) {
      long sent = System.nanoTime();
      all.add(
          push("m" + n)
              .onFailure(
                  cause -> {
                    slowest.accumulateAndGet(System.nanoTime() - sent, Math::max);
                    boolean maybe = ((StoreUnavailableException) cause).outcomeUnknown();
                    (maybe ? unknown : refused).incrementAndGet();
                  }));
    }
    all.forEach(one -> one.otherwiseEmpty().toCompletionStage().toCompletableFuture().join());

    assertThat(unknown.get() + refused.get()).isGreaterThan(2_500);
    assertThat(unknown.get()).as("waiting at once").isLessThanOrEqualTo(10_000);
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(Duration.ofMillis(2_200));
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> TestRedis.await(push("after")) instanceof CommitResult.Done);
  }

  @Test
  void r01_killedServer_failsFast_comesBack_withEverythingAcknowledged() throws IOException {
    List<String> acknowledged = new CopyOnWriteArrayList<>();
    List<String> heard = new CopyOnWriteArrayList<>();
    Runnable stop = store.onWakeUp(WORKSPACE, heard::addAll);
    for (int round = 0; round < 3; round++) {
      List<Future<CommitResult>> sent = new ArrayList<>();
      for (int n = 0; n < 300; n++) {
        String value = round + "/" + n;
        sent.add(push(value).onSuccess(done -> acknowledged.add(value)));
        if (n == 150) {
          List<Future<CommitResult>> first = List.copyOf(sent);
          first.forEach(TestRedis::await);
          new ProcessBuilder("kill", "-9", Long.toString(server.pid())).start();
        }
      }
      sent.forEach(one -> one.otherwiseEmpty().toCompletionStage().toCompletableFuture().join());
      int missed = heard.size();
      Awaitility.await()
          .atMost(Duration.ofSeconds(8))
          .ignoreExceptions()
          .until(() -> TestRedis.await(push("up")) instanceof CommitResult.Done);
      Awaitility.await()
          .atMost(Duration.ofSeconds(8))
          .until(() -> heard.subList(missed, heard.size()).contains("*"));
    }

    List<String> stored = TestRedis.await(store.list(keys.parked("l"), 0, -1));
    assertThat(stored).containsAll(acknowledged);
    assertThat(stored.stream().filter(value -> !value.equals("up"))).doesNotHaveDuplicates();
    assertThat(acknowledged).hasSizeGreaterThan(450);
    stop.run();
  }

  @Test
  void r04_stoppedServer_timesOut_andIsStoppedForGood() throws Exception {
    long pid = server.pid();
    new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
    long before = System.nanoTime();

    assertThatThrownBy(() -> TestRedis.await(push("x")))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isTrue());

    assertThat(System.nanoTime() - before).isLessThan(Duration.ofMillis(2_200).toNanos());
    new ProcessBuilder("kill", "-CONT", Long.toString(pid)).start().waitFor();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> TestRedis.await(push("y")) instanceof CommitResult.Done);
  }

  @Test
  void r04_connectionsThatPassNothingOn_areGivenUp_andMadeAnew() {
    SocketAddress socket =
        SocketAddress.domainSocketAddress(folder.resolve("redis/run/redis.sock").toString());
    CuttingProxy proxy = TestRedis.await(CuttingProxy.open(vertx, socket));
    RedisConnection far =
        TestRedis.connect(vertx, RedisAddress.of("redis://127.0.0.1:" + proxy.port()));
    int made = proxy.accepted();
    assertThat(answer(far)).isEqualTo("PONG");

    proxy.forget();

    assertThatThrownBy(() -> answer(far)).isInstanceOf(StoreUnavailableException.class);
    Awaitility.await("an answer over a new connection")
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> answer(far).equals("PONG"));
    assertThat(proxy.accepted()).isGreaterThan(made);
    TestRedis.await(far.close());
    TestRedis.await(proxy.close());
  }

  private static String answer(RedisConnection connection) {
    return TestRedis.await(connection.ask(0, redis -> redis.echo("PONG")));
  }

  @Test
  void r14_emptiedStore_isQuarantined_untilAdopted() {
    List<String> told = new CopyOnWriteArrayList<>();
    StoreAlarms alarms =
        new StoreAlarms() {
          @Override
          public void quarantined(String workspace, String known, @Nullable String found) {
            told.add("quarantined " + workspace + " " + found);
          }

          @Override
          public void adopted(String workspace) {
            told.add("adopted " + workspace);
          }
        };
    RedisStore watched = TestRedis.await(RedisStore.open(vertx, connection, folder, alarms));
    RedisStore other =
        TestRedis.await(
            RedisStore.open(vertx, connection, folder.resolve("other"), StoreAlarms.NONE));
    assertThat(TestRedis.await(watched.open(WORKSPACE))).isTrue();
    assertThat(TestRedis.await(other.open(WORKSPACE))).isTrue();
    Key timers = keys.timers();
    ask(redis -> redis.flushall());

    Commit commit = commit(Commit.Urgency.RELEASING).build();
    assertThat(TestRedis.await(watched.commit(commit)))
        .isInstanceOf(CommitResult.Quarantined.class);
    assertThat(watched.isQuarantined(WORKSPACE)).isTrue();
    assertThatThrownBy(
            () -> TestRedis.await(watched.claimDue(WORKSPACE, timers, Duration.ofSeconds(1), 10)))
        .hasMessageContaining("quarantine");
    assertThat(TestRedis.await(other.commit(commit))).isInstanceOf(CommitResult.Quarantined.class);
    assertThat(told).containsExactly("quarantined acme null");

    String epoch = TestRedis.await(watched.adopt(WORKSPACE));

    assertThat(epoch).startsWith("2-");
    assertThat(told).containsExactly("quarantined acme null", "adopted acme");
    assertThat(TestRedis.await(watched.commit(commit(Commit.Urgency.RELEASING).build())))
        .isInstanceOf(CommitResult.Done.class);
    Awaitility.await() // the other node looks again each second and follows
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                TestRedis.await(other.commit(commit(Commit.Urgency.RELEASING).build()))
                    instanceof CommitResult.Done);
    assertThat(other.epoch(WORKSPACE)).isEqualTo(epoch);
    TestRedis.await(watched.close());
    TestRedis.await(other.close());
  }

  @Test
  void r15_answersLostTenTimes_haveOneEffectEach() {
    CuttingProxy proxy =
        TestRedis.await(
            CuttingProxy.open(
                vertx,
                SocketAddress.domainSocketAddress(
                    folder.resolve("redis/run/redis.sock").toString())));
    RedisConnection cut =
        TestRedis.connect(vertx, RedisAddress.of("redis://127.0.0.1:" + proxy.port()));
    int unknownApplied = 0;
    int sent = 0;
    for (int round = 0; round < 10; round++) {
      List<Future<Long>> flight = new ArrayList<>();
      for (int n = 0; n < 64; n++, sent++) {
        String value = "r" + sent;
        flight.add(cut.ask(n, redis -> redis.rpush("{acme}:raw", value)));
        if (n == 32) {
          proxy.loseAnswers();
        }
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> ask(redis -> redis.llen("{acme}:raw")) > 0);
      proxy.cut();
      for (Future<Long> one : flight) {
        try {
          TestRedis.await(one);
        } catch (StoreUnavailableException e) {
          unknownApplied += e.outcomeUnknown() ? 1 : 0;
        }
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(8))
          .ignoreExceptions()
          .until(
              () -> {
                for (int n = 0; n < 4; n++) {
                  TestRedis.await(cut.ask(n, redis -> redis.ping()));
                }
                return true;
              });
    }

    List<String> stored = ask(redis -> redis.lrange("{acme}:raw", 0, -1));
    assertThat(stored).as("nothing ran twice").doesNotHaveDuplicates();
    assertThat(unknownApplied).as("the cuts really lost answers").isPositive();
    TestRedis.await(cut.close());
    TestRedis.await(proxy.close());
  }

  @Test
  void connectionsKilled_failAsUnknown_notTwice() {
    // without it the kill may overtake every push on its way, and nothing would be stored at all
    assertThat(TestRedis.await(push("before"))).isInstanceOf(CommitResult.Done.class);
    List<Future<CommitResult>> all = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      all.add(push("k" + n));
      if (n == 200) {
        all.add(
            connection
                .ask(1, redis -> redis.clientKill(KillArgs.Builder.typeNormal().skipme(false)))
                .map(killed -> (CommitResult) new CommitResult.Full()));
      }
    }
    all.forEach(one -> one.otherwiseEmpty().toCompletionStage().toCompletableFuture().join());
    Awaitility.await()
        .atMost(Duration.ofSeconds(8))
        .ignoreExceptions()
        .until(() -> TestRedis.await(push("after")) instanceof CommitResult.Done);

    assertThat(TestRedis.await(store.list(keys.parked("l"), 0, -1)))
        .contains("before", "after")
        .doesNotHaveDuplicates();
  }
}
