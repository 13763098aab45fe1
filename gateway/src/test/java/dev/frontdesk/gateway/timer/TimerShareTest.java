// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many timers due at once: how many are under way, for how much of the time, each once. */
class TimerShareTest {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private static Workspace workspace(String share) {
    return new WorkspaceFactory(name -> ChannelFamily.SOCIAL, new Conditions(), id -> {})
        .workspaces(
            new ConfigLoader(Map.of(), name -> null, RuleCheck.none())
                .parse(
                    """
                    workspaces:
                      acme:
                        promises: { normal: { firstResponse: 1h } }
                        defaults: { queue: support, promise: normal }
                        queues: { support: {} }
                        timers: { share: SHARE }
                    """
                        .replace("SHARE", share))
                .config())
        .get("acme");
  }

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final VirtualTime time = new VirtualTime(START);
  private final InMemoryStore store = new InMemoryStore(time);
  private Workspace workspace = workspace("30%");
  private int longestMicros = 6_000;
  private final List<Instant> fired = new ArrayList<>();
  private final List<Integer> besides = new ArrayList<>();
  private Instant busySince = START;
  private Duration busy = Duration.ZERO;
  private int underWay;
  private final TimerRoom room =
      new TimerRoom(
          () -> workspace,
          store,
          time,
          Map.of(Timer.Subject.CONVERSATION, this::takeEffect),
          new GatewayMetrics(new SimpleMeterRegistry()));

  /** Takes up to {@link #longestMicros}, then it is gone. */
  private Future<Instant> takeEffect(Workspace at, Timer timer) {
    besides.add(underWay);
    if (underWay++ == 0) {
      busySince = time.now();
    }
    Promise<Instant> over = Promise.promise();
    time.after(
        Duration.ofNanos(1_000L * (1 + random.nextInt(longestMicros))),
        () -> {
          write(new Write.SortedRemove(at.keys().timers(), timer.member()));
          fired.add(time.now());
          if (--underWay == 0) {
            busy = busy.plus(Duration.between(busySince, time.now()));
          }
          over.complete(null);
        });
    return over.future();
  }

  private void write(Write one) {
    Desk.now(
        store.commit(Commit.of("acme", time.now(), Commit.Urgency.RELEASING).write(one).build()));
  }

  private void arm(int first, int many, Instant due) {
    for (int i = first; i < first + many; i++) {
      write(new Write.SortedAdd(workspace.keys().timers(), "b:c" + i + ":1", due.toEpochMilli()));
    }
  }

  private void awaitFired(int many) {
    while (fired.size() < many) {
      assertThat(time.runNext()).isTrue();
      assertThat(time.now()).as("seed %d", seed).isBefore(START.plusSeconds(600));
    }
  }

  private double shareOf(Instant from) {
    return busy.toNanos() / (double) Duration.between(from, time.now()).toNanos();
  }

  @Test
  void manyDueAtOnce_takeTheirShareOfTheTime_eachOnce() {
    Instant due = START.plusSeconds(5);
    arm(0, 5_000, due);
    room.start();

    time.advanceTo(due.plus(TimerTurns.LATE).plusMillis(20));
    Instant from = time.now();
    busy = Duration.ZERO;
    busySince = from;
    awaitFired(5_000);
    double share = shareOf(from);
    time.advance(TimerRoom.CLAIM.multipliedBy(2));

    assertThat(fired).as("seed %d", seed).hasSize(5_000).allMatch(at -> !at.isBefore(due));
    assertThat(share).as("seed %d", seed).isBetween(0.25, 0.31);
    assertThat(besides.subList(TimerRoom.BATCH, 5_000))
        .as("seed %d: under way besides each", seed)
        .allMatch(others -> others < TimerTurns.TURN);
    assertThat(room.underWay()).isEmpty();
  }

  @Test
  void share_ofAReload_holdsFromTheNextTurnOn() {
    arm(0, 8_000, START.plusSeconds(5));
    room.start();
    awaitFired(4_000);

    workspace = workspace("80%");
    Instant from = time.now();
    busy = Duration.ZERO;
    awaitFired(8_000);

    assertThat(shareOf(from)).as("seed %d", seed).isBetween(0.65, 0.82);
  }

  /** Not behind: no rest, so all are as late as one of them takes. */
  @Test
  void fewDueAtOnce_fireAtOnce() {
    Instant due = START.plusSeconds(5);
    arm(0, TimerRoom.BATCH - 1, due);
    room.start();

    awaitFired(TimerRoom.BATCH - 1);

    assertThat(time.now()).isBetween(due, due.plusMillis(7));
  }

  /** As a node finds them that stood still: it catches up as fast as it can. */
  @Test
  void manyThatAreALittleLate_takeTurnsWithoutRest() {
    for (int i = 0; i < 300; i++) {
      arm(2 * i, 2, START.plusMillis(i));
    }
    time.advance(Duration.ofMillis(300));
    room.start();

    awaitFired(600);

    assertThat(time.now()).as("seed %d", seed).isBefore(START.plusMillis(600));
    assertThat(besides.subList(TimerRoom.BATCH, 600))
        .as("seed %d: under way besides each", seed)
        .allMatch(others -> others < TimerTurns.TURN);
  }

  /** After a backlog, what comes evenly is as early as before it. */
  @Test
  void backlog_thatIsOver_leavesNoRest() {
    arm(0, 1_000, START.plusSeconds(5));
    room.start();
    awaitFired(1_000);
    Instant due = time.now().plusSeconds(2);
    arm(1_000, TimerRoom.BATCH - 1, due);

    awaitFired(1_000 + TimerRoom.BATCH - 1);

    assertThat(time.now()).isBetween(due, due.plusMillis(7));
  }

  /** One that fails is left to come again; its turn ends all the same. */
  @Test
  void turn_withTimersThatCannotBeRead_ends() {
    for (int i = 0; i < 500; i++) {
      write(new Write.SortedAdd(workspace.keys().timers(), "? " + i, START.toEpochMilli()));
    }
    arm(0, 500, START.plusSeconds(1));
    room.start();

    awaitFired(500);

    assertThat(Desk.now(new TimerLetterBox(store).list(workspace))).hasSize(500);
  }

  @Test
  void stop_inARest_firesNothingMore() {
    longestMicros = 50_000;
    arm(0, 2_000, START.plusSeconds(5));
    room.start();
    awaitFired(1_000);

    room.stop();
    time.advance(Duration.ofMillis(60));
    int then = fired.size();
    time.advance(Duration.ofSeconds(30));

    assertThat(fired).hasSize(then);
  }
}
