// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import static dev.frontdesk.gateway.desk.ChatDesk.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.desk.ChatDesk;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.routing.PresenceLease;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Timers that fail become dead letters and come back from there; lateness is the whole of it. */
class TimerRoomTest {

  /** From arming to a second after the last failure: the first is a second after arming. */
  private static final Duration TWENTY_FAILURES =
      TimerRoom.CLAIM.multipliedBy(TimerRoom.MAX_FAILURES - 1).plusSeconds(2);

  private final ChatDesk desk = new ChatDesk();
  private final ConversationService service = desk.node();
  private final AgentPresence presence =
      new AgentPresence(
          desk.store,
          service,
          () -> desk.time.now().toEpochMilli() * 1_000_000,
          new PollTurns(10_000));
  private final TimerLetterBox box = new TimerLetterBox(desk.store);
  private final List<String> fired = new ArrayList<>();
  private boolean broken;
  private final TimerRoom room =
      new TimerRoom(
          () -> WORKSPACE,
          desk.store,
          desk.time,
          Map.of(
              Timer.Subject.CONVERSATION,
              (at, timer) -> {
                fired.add(timer.member());
                return broken
                    ? Future.failedFuture(new IllegalStateException("cannot be done"))
                    : service.fire(at, timer);
              },
              Timer.Subject.AGENT,
              presence::fired),
          desk.metrics);

  private List<String> timers() {
    return Desk.now(desk.store.sorted(WORKSPACE.keys().timers(), 0, -1)).stream()
        .map(Scored::member)
        .toList();
  }

  private List<TimerLetter> letters() {
    return Desk.now(box.list(WORKSPACE));
  }

  private void write(Write... writes) {
    Commit.Builder commit = Commit.of("acme", desk.time.now(), Commit.Urgency.RELEASING);
    List.of(writes).forEach(commit::write);
    Desk.now(desk.store.commit(commit.build()));
  }

  private void arm(String member) {
    write(
        new Write.SortedAdd(
            WORKSPACE.keys().timers(), member, desk.time.now().plusSeconds(1).toEpochMilli()));
  }

  private String gauge(String field) {
    return Desk.now(desk.store.hashGet(WORKSPACE.keys().gauges(), field));
  }

  private double dead() {
    return desk.metrics.registry().counter("frontdesk_timers_dead", "workspace", "acme").count();
  }

  /** Seconds of lateness, all that took effect together. */
  private double lateness() {
    io.micrometer.core.instrument.Timer found =
        desk.metrics.registry().find("frontdesk_timer_lateness_seconds").timer();
    return found == null ? 0 : found.totalTime(TimeUnit.SECONDS);
  }

  /** A breach timer whose handler fails until it is given up. */
  private TimerLetter deadBreach() {
    ChatDesk.receive(service, desk.message("hi"));
    broken = true;
    desk.time.advance(Duration.ofMinutes(61));
    room.start();
    desk.time.advance(TWENTY_FAILURES);
    return letters().stream()
        .filter(letter -> letter.member().startsWith("b:"))
        .findFirst()
        .orElseThrow();
  }

  private Conversation conversation(TimerLetter letter) {
    return Desk.now(service.find(WORKSPACE, letter.conversation().orElseThrow())).conversation();
  }

  @Test
  void timer_thatFailsAlways_isADeadLetterAfter20Times() {
    broken = true;
    arm("b:c1:3");
    room.start();

    desk.time.advance(TWENTY_FAILURES.minusSeconds(3));
    assertThat(timers()).containsExactly("b:c1:3");
    assertThat(letters()).isEmpty();
    desk.time.advance(Duration.ofSeconds(3));

    assertThat(fired).hasSize(20);
    assertThat(timers()).isEmpty();
    assertThat(letters()).hasSize(1);
    TimerLetter letter = letters().get(0);
    assertThat(letter.member()).isEqualTo("b:c1:3");
    assertThat(letter.conversation()).contains(new Conversation.Id("c1"));
    assertThat(letter.reason()).contains("cannot be done");
    assertThat(letter.at()).isBetween(desk.time.now().minusSeconds(2), desk.time.now());
    assertThat(letter.id()).matches("timer~[A-Za-z0-9._~-]{1,100}");
    assertThat(dead()).isEqualTo(1);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo("1");
    desk.time.advance(Duration.ofMinutes(10));
    assertThat(fired).as("it does not come again").hasSize(20);
  }

  @Test
  void retry_whenTheHandlerWorksAgain_firesItWithItsWholeLateness() {
    TimerLetter letter = deadBreach();
    assertThat(conversation(letter).clock().state()).isEqualTo(ResponseClock.State.RUNNING);
    long others = letters().size() - 1L;
    broken = false;
    double before = lateness();

    assertThat(Desk.now(box.retry(WORKSPACE, letter.id()))).isTrue();
    desk.time.advance(Duration.ofSeconds(2));

    assertThat(conversation(letter).clock().state()).isEqualTo(ResponseClock.State.BREACHED);
    assertThat(letters()).hasSize((int) others).doesNotContain(letter);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo(Long.toString(others));
    assertThat(lateness() - before)
        .as("from the deadline on, over all that failed")
        .isBetween(60.0 + 192, 60.0 + 193);
    assertThat(Desk.now(box.retry(WORKSPACE, letter.id()))).as("once").isFalse();
  }

  @Test
  void retry_ofOneThatFailsOn_countsFromZero() {
    broken = true;
    arm("b:c1:3");
    room.start();
    desk.time.advance(TWENTY_FAILURES.plusSeconds(1));
    String id = letters().get(0).id();

    Desk.now(box.retry(WORKSPACE, id));
    desk.time.advance(TWENTY_FAILURES.minusSeconds(3));
    assertThat(letters()).isEmpty();
    assertThat(timers()).containsExactly("b:c1:3");
    desk.time.advance(Duration.ofSeconds(12));

    assertThat(fired).hasSize(40);
    assertThat(letters()).extracting(TimerLetter::id).containsExactly(id);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo("1");
  }

  @Test
  void delete_forgetsIt() {
    broken = true;
    arm("b:c1:3");
    room.start();
    desk.time.advance(TWENTY_FAILURES.plusSeconds(1));
    String id = letters().get(0).id();

    assertThat(Desk.now(box.delete(WORKSPACE, id))).isTrue();
    assertThat(Desk.now(box.delete(WORKSPACE, id))).isFalse();

    desk.time.advance(Duration.ofMinutes(2));
    assertThat(letters()).isEmpty();
    assertThat(timers()).isEmpty();
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo("0");
    assertThat(fired).hasSize(20);
  }

  @Test
  void timerThatCannotBeRead_isADeadLetterAtOnce() {
    arm("not one: « » ~%/");
    room.start();

    desk.time.advance(Duration.ofSeconds(2));

    assertThat(timers()).isEmpty();
    assertThat(letters()).extracting(TimerLetter::member).containsExactly("not one: « » ~%/");
    assertThat(letters().get(0).conversation()).isEmpty();
    assertThat(letters().get(0).id()).matches("[A-Za-z0-9._~-]{1,128}");
  }

  /** An agent's timer keeps its member when it is armed again: one letter, counted once. */
  @Test
  void timerArmedAgain_whileItIsADeadLetter_takesItsPlace() {
    arm("?");
    room.start();
    desk.time.advance(Duration.ofSeconds(2));
    Instant first = letters().get(0).at();

    arm("?");
    desk.time.advance(Duration.ofSeconds(2));

    assertThat(timers()).isEmpty();
    assertThat(letters()).hasSize(1);
    assertThat(letters().get(0).at()).isAfter(first);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo("1");
  }

  @Test
  void bound_keepsTheTimerArmed_stopsNothingElse_andEndsWithRoom() {
    long bound = WORKSPACE.config().outbox().maxDeadLetters();
    write(new Write.HashAdd(WORKSPACE.keys().gauges(), RedisKeys.DEAD_TIMERS, bound));
    broken = true;
    arm("b:c1:3");
    room.start();
    desk.time.advance(TWENTY_FAILURES.plus(TimerLetterBox.FULL).plusSeconds(5));

    assertThat(fired).as("20 times, and then once a minute").hasSize(21);
    assertThat(timers()).containsExactly("b:c1:3");
    assertThat(letters()).isEmpty();
    assertThat(gauge(RedisKeys.DEAD_LETTERS)).as("no channel pauses for it").isNull();
    presence(Agent.Presence.AVAILABLE);
    desk.time.advance(PresenceLease.TERM.plusSeconds(1));
    assertThat(timers()).as("the agent's lease ended").contains("v:alice:2");

    write(new Write.HashAdd(WORKSPACE.keys().gauges(), RedisKeys.DEAD_TIMERS, -1));
    desk.time.advance(TimerLetterBox.FULL.plusSeconds(1));

    assertThat(timers()).doesNotContain("b:c1:3");
    assertThat(letters()).hasSize(1);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).isEqualTo(Long.toString(bound));
  }

  private void presence(Agent.Presence said) {
    Desk.now(presence.say(WORKSPACE, new Agent.Id("alice"), said));
  }

  /** Whatever the commit's answer: the timer is in one of the two places, and ends as a letter. */
  @Test
  void givingUp_whateverTheStoreAnswers_losesNothing() {
    for (CommitFaults.Fault fault : CommitFaults.Fault.values()) {
      TimerRoomTest other = new TimerRoomTest();
      other.troubled(fault);
    }
  }

  private void troubled(CommitFaults.Fault fault) {
    arm("?" + fault);
    int[] troubles = {3};
    desk.store.faults((n, commit) -> troubles[0]-- > 0 ? fault : CommitFaults.Fault.NONE);
    room.start();

    for (int second = 0; second < 60; second++) {
      desk.time.advance(Duration.ofSeconds(1));
      assertThat(timers().size() + letters().size()).as(fault.name()).isEqualTo(1);
    }

    assertThat(letters()).as(fault.name()).hasSize(1);
    assertThat(gauge(RedisKeys.DEAD_TIMERS)).as(fault.name()).isEqualTo("1");
  }

  @Test
  void lettersOfMessages_doNotSeeTimers() {
    arm("?");
    room.start();
    desk.time.advance(Duration.ofSeconds(2));
    write(new Write.HashSet(WORKSPACE.keys().deadLetters(), "c1 2", "chat\nno"));

    assertThat(Desk.now(new DeadLetterBox(desk.store, service).list(WORKSPACE)))
        .containsExactly(Map.entry("c1.2", "no"));
    assertThat(letters()).hasSize(1);
  }

  private void claimAndDie() {
    assertThat(
            Desk.now(desk.store.claimDue("acme", WORKSPACE.keys().timers(), TimerRoom.CLAIM, 100))
                .due())
        .isNotEmpty();
  }

  @Test
  void lateness_afterAClaimerDied_countsFromTheDeadline() {
    ChatDesk.receive(service, desk.message("hi"));
    room.start();
    desk.time.advance(Duration.ofMinutes(59));
    room.stop(); // the warning is over, the breach is not
    desk.time.advance(Duration.ofSeconds(61));
    double before = lateness();

    claimAndDie();
    room.start();
    desk.time.advance(TimerRoom.CLAIM.plusSeconds(1));

    assertThat(lateness() - before).as("1 s until the claim, 10 s of it").isBetween(10.9, 11.1);
  }

  @Test
  void lateness_ofAnAgentsLease_afterAClaimerDied_countsFromItsEnd() {
    presence(Agent.Presence.AVAILABLE);
    desk.time.advance(PresenceLease.TERM);

    claimAndDie();
    desk.time.advance(TimerRoom.CLAIM.minusSeconds(1));
    room.start();
    desk.time.advance(Duration.ofSeconds(2));

    assertThat(timers()).containsExactly("v:alice:2");
    assertThat(lateness()).isBetween(10.0, 10.1);
  }
}
