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
  private String hanging = "";
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
    if (timer.member().equals(hanging)) {
      return Future.future(never -> {});
    }
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
    longestMicros = 60_000;
    arm(0, 4_000, due);
    room.start();

    time.advanceTo(due.plus(TimerTurns.LATE).plusMillis(200));
    Instant from = time.now();
    busy = Duration.ZERO;
    busySince = from;
    int before = besides.size();
    awaitFired(4_000);
    double share = shareOf(from);
    time.advance(TimerRoom.CLAIM.multipliedBy(2));

    assertThat(fired).as("seed %d", seed).hasSize(4_000).allMatch(at -> !at.isBefore(due));
    assertThat(share).as("seed %d", seed).isBetween(0.25, 0.31);
    assertThat(before).as("seed %d: before they were late", seed).isBetween(500, 3_000);
    assertThat(besides.subList(before, 4_000))
        .as("seed %d: under way besides each", seed)
        .allMatch(others -> others < TimerTurns.TURN);
    assertThat(room.underWay()).isEmpty();
  }

  @Test
  void share_ofAReload_holdsFromTheNextTurnOn() {
    longestMicros = 60_000;
    arm(0, 5_000, START.plusSeconds(5));
    room.start();
    awaitFired(3_500);

    workspace = workspace("80%");
    Instant from = time.now();
    busy = Duration.ZERO;
    awaitFired(5_000);

    assertThat(shareOf(from)).as("seed %d", seed).isBetween(0.65, 0.82);
  }

  /** Not late: no rest, and no more than the bound under way. */
  @Test
  void manyThatAreALittleLate_fireAsFastAsTheyCan() {
    for (int i = 0; i < 400; i++) {
      arm(2 * i, 2, START.plusMillis(i));
    }
    time.advance(Duration.ofMillis(400));
    room.start();

    awaitFired(800);

    assertThat(time.now()).as("seed %d", seed).isBefore(START.plus(TimerTurns.LATE));
    assertThat(besides)
        .as("seed %d: under way besides each", seed)
        .allMatch(others -> others < TimerRoom.IN_FLIGHT);
  }

  /** What was late leaves nothing behind: what is due then fires at once. */
  @Test
  void backlog_thatIsOver_leavesNoRest() {
    longestMicros = 60_000;
    arm(0, 4_000, START.plusSeconds(5));
    room.start();
    awaitFired(4_000);
    longestMicros = 6_000;
    Instant due = time.now().plusSeconds(2);
    arm(4_000, TimerRoom.BATCH - 1, due);

    awaitFired(4_000 + TimerRoom.BATCH - 1);

    assertThat(time.now()).isBetween(due, due.plusMillis(7));
  }

  /** It is claimed again, the turn that waits for it is over by then. */
  @Test
  void turn_withAnEffectThatNeverEnds_endsWithItsClaim() {
    longestMicros = 60_000;
    hanging = "b:c3500:1";
    arm(0, 4_000, START.plusSeconds(5));
    room.start();

    awaitFired(3_999);

    assertThat(time.now()).isBefore(START.plusSeconds(120));
    assertThat(room.underWay()).containsExactly(hanging);
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
    arm(0, 4_000, START.plusSeconds(5));
    room.start();
    awaitFired(3_500);

    room.stop();
    time.advance(Duration.ofMillis(60));
    int then = fired.size();
    time.advance(Duration.ofSeconds(30));

    assertThat(fired).hasSize(then);
  }
}
