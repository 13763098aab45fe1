// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportTest {

  private final Desk desk = new Desk("keep-promises");
  private final FirstResponseReport report = new FirstResponseReport(desk.store);

  private void count(Effect effect) {
    VerdictRows.writes(desk.keys, effect, desk.time.now()).forEach(desk.store::write);
  }

  private static Effect given(ResponseClock.State verdict, String agent, long millis) {
    return new Effect.VerdictGiven(verdict, "urgent", "support", "hook", agent, millis);
  }

  private List<FirstResponseReport.Row> rows(Dimension by) {
    return Desk.now(
        report.read(
            desk.workspace,
            desk.time.now().minus(Duration.ofDays(1)),
            desk.time.now().plusMillis(1),
            by));
  }

  @Test
  void verdicts_ofRandomDays_areReportedAsCounted() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      ReportTest fresh = new ReportTest();
      List<Long> times = new ArrayList<>();
      int met = 0;
      int breached = 0;
      for (int i = 0; i < 500; i++) {
        fresh.desk.time.advance(Duration.ofMinutes(random.nextInt(3)));
        long millis = (long) Math.exp(random.nextDouble() * 14);
        int kind = random.nextInt(4);
        if (kind == 0) {
          fresh.count(given(ResponseClock.State.BREACHED, null, -1));
          fresh.count(new Effect.LateAnswer("urgent", "support", "hook", "bob", millis));
          breached++;
        } else if (kind == 1) {
          fresh.count(given(ResponseClock.State.BREACHED, "alice", millis));
          breached++;
        } else {
          fresh.count(given(ResponseClock.State.MET, "alice", millis));
          met++;
        }
        times.add(millis);
      }
      Collections.sort(times);

      FirstResponseReport.Row row = fresh.rows(Dimension.PROMISE).get(0);

      assertThat(row.key()).isEqualTo("urgent");
      assertThat(row.answered()).as("seed " + seed).isEqualTo(500);
      assertThat(row.met()).as("seed " + seed).isEqualTo(met);
      assertThat(row.breached()).as("seed " + seed).isEqualTo(breached);
      assertThat(row.share()).isEqualTo((double) met / 500);
      close(row.p50Seconds(), times.get(249), seed);
      close(row.p90Seconds(), times.get(449), seed);
      close(row.p99Seconds(), times.get(494), seed);
    }
  }

  private static void close(double seconds, long millis, long seed) {
    assertThat(seconds * 1000)
        .as("seed " + seed)
        .isCloseTo((double) millis, within(millis * 0.1 + 1));
  }

  @Test
  void rows_byEachDimension_nameTheirKeys() {
    count(given(ResponseClock.State.MET, "alice", 1000));
    count(given(ResponseClock.State.VOID, null, -1));
    count(new Effect.SpellStarted("urgent", "support", "hook"));

    assertThat(rows(Dimension.AGENT))
        .extracting(FirstResponseReport.Row::key)
        .containsExactly("alice");
    assertThat(rows(Dimension.QUEUE))
        .extracting(FirstResponseReport.Row::key)
        .containsExactly("support");
    assertThat(rows(Dimension.CHANNEL))
        .extracting(FirstResponseReport.Row::key)
        .containsExactly("hook");
    assertThat(rows(Dimension.PROMISE).get(0).share()).isEqualTo(1.0);
    assertThat(desk.store.hash(desk.keys.verdicts(VerdictRows.hourOf(desk.time.now()))))
        .containsEntry("promise|urgent|started", "1")
        .containsEntry("promise|urgent|void", "1")
        .containsEntry("agent|alice|h39", "1");
  }

  @Test
  void otherEffects_writeNothing() {
    assertThat(VerdictRows.writes(desk.keys, new Effect.PointerSet(), desk.time.now())).isEmpty();
  }

  @Test
  void hours_outsideThePeriod_doNotCount() {
    count(given(ResponseClock.State.MET, "alice", 1000));
    Instant at = desk.time.now();

    assertThat(Desk.now(report.read(desk.workspace, at.minusSeconds(7200), at, Dimension.AGENT)))
        .isEmpty();
    assertThat(Desk.now(report.read(desk.workspace, at, at.plusSeconds(1), Dimension.AGENT)))
        .hasSize(1);
  }

  @Test
  void period_emptyOrTooLong_isMalformed() {
    Instant at = desk.time.now();
    for (Duration length : List.of(Duration.ZERO, Duration.ofHours(-1), Duration.ofDays(93))) {
      Future<?> read = report.read(desk.workspace, at, at.plus(length), Dimension.AGENT);
      assertThat(((GatewayException) read.cause()).kind())
          .isEqualTo(GatewayException.Kind.MALFORMED);
    }
    assertThat(
            report
                .read(desk.workspace, at, at.plus(Duration.ofDays(92)), Dimension.AGENT)
                .succeeded())
        .isTrue();
  }

  @Test
  void objective_overADay_forgetsWhatIsOlder_andIsWholeWithoutVerdicts() {
    count(given(ResponseClock.State.BREACHED, null, -1));
    desk.time.advance(Duration.ofHours(20));
    count(given(ResponseClock.State.MET, "alice", 10));
    assertThat(Desk.now(report.objectiveShares(desk.workspace)))
        .isEqualTo(Map.of("urgent", 0.5, "normal", 1.0));

    desk.time.advance(Duration.ofHours(5));

    assertThat(Desk.now(report.objectiveShares(desk.workspace))).containsEntry("urgent", 1.0);
  }

  @Test
  void histogram_bucketsAreQuarterOctaves() {
    assertThat(ResponseHistogram.bucketOf(0)).isZero();
    assertThat(ResponseHistogram.bucketOf(1)).isZero();
    for (int octave = 1; octave < 30; octave++) {
      assertThat(ResponseHistogram.bucketOf(1L << octave)).isEqualTo(4 * octave);
      assertThat(ResponseHistogram.bucketOf((1L << octave) - 1)).isLessThan(4 * octave);
    }
    assertThat(new ResponseHistogram().seconds(0.5)).isZero();
  }

  @Test
  void queueBoard_showsEachPair_andTheSum() {
    Instant now = desk.time.now();
    desk.store.write(
        new Write.SortedAdd(
            desk.keys.waiting("support", "urgent"), "c1", now.minusSeconds(90).toEpochMilli()));
    desk.store.write(
        new Write.SortedAdd(desk.keys.waiting("support", "urgent"), "c2", now.toEpochMilli()));
    desk.store.write(
        new Write.SortedAdd(
            desk.keys.waiting("old", "normal"), "c3", now.minusSeconds(100).toEpochMilli()));
    desk.store.write(new Write.HashAdd(desk.keys.gauges(), "support|urgent|atRisk", 2));
    desk.store.write(new Write.HashAdd(desk.keys.gauges(), "support|urgent|breached", 1));
    desk.store.write(new Write.HashAdd(desk.keys.gauges(), "old|normal|atRisk", 1));
    desk.store.write(new Write.HashAdd(desk.keys.gauges(), "conversations", 3));
    desk.store.write(new Write.HashAdd(desk.keys.gauges(), "support|waiting", 2));

    List<QueueBoard.Row> rows = Desk.now(new QueueBoard(desk.store).read(desk.workspace));

    assertThat(rows).hasSize(5);
    assertThat(rows)
        .contains(
            new QueueBoard.Row("support", "urgent", 2, 2, 1, 90),
            new QueueBoard.Row("support", "normal", 0, 0, 0, 0),
            new QueueBoard.Row("old", "normal", 1, 1, 0, 100));
    assertThat(QueueBoard.total(rows)).isEqualTo(new QueueBoard.Row("*", "*", 3, 3, 1, 100));
  }

  @Test
  void agentBoard_showsPresenceLoadAndToday() {
    Agent alice = desk.hire("alice", 4);
    desk.hire("bob", 2);
    count(given(ResponseClock.State.MET, "alice", 9_000));
    desk.time.advance(Duration.ofDays(1));
    desk.seat(alice);
    desk.store.write(new Write.HashAdd(desk.keys.agent(alice.id()), "load", 3));
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice.id()), "c1", "2"));
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice.id()), "c2", "1"));
    count(given(ResponseClock.State.MET, "alice", 1_000));

    List<AgentBoard.Row> rows = Desk.now(new AgentBoard(desk.store).read(desk.workspace));

    assertThat(rows).extracting(row -> row.id().value()).containsExactly("alice", "bob");
    AgentBoard.Row row = rows.get(0);
    assertThat(row.presence()).isEqualTo(Agent.Presence.AVAILABLE);
    assertThat(row.load()).isEqualTo(3);
    assertThat(row.capacity()).isEqualTo(4);
    assertThat(row.open()).isEqualTo(2);
    assertThat(row.answered()).isEqualTo(1);
    assertThat(row.p50Seconds()).isCloseTo(1.0, within(0.1));
    assertThat(rows.get(1).presence()).isEqualTo(Agent.Presence.OFFLINE);
  }
}
