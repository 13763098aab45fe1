// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.routing.PresenceLease;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentPresenceTest {

  private final Desk desk = new Desk("keep-promises");
  private final Agent.Id alice = desk.hire("alice", 4).id();
  private final AgentPresence presence =
      new AgentPresence(desk.store, desk, desk.time, new PollTurns(10_000));

  private Map<String, String> row() {
    return desk.store.hash(desk.keys.agent(alice));
  }

  private List<Scored> timers() {
    return desk.store.members(desk.keys.timers());
  }

  private void say(Agent.Presence said) {
    Desk.now(presence.say(desk.workspace, alice, said));
  }

  private void fire(String member) {
    Desk.now(presence.fired(desk.workspace, Timer.parse(member)));
  }

  private void hold(String id) {
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), id, "1"));
  }

  @Test
  void firstSaying_beginsALeaseOfOneTerm_andATimerAtItsEnd() {
    say(Agent.Presence.AVAILABLE);

    long end = desk.time.now().plus(PresenceLease.TERM).toEpochMilli();
    assertThat(row())
        .containsEntry("presence", "available")
        .containsEntry("gen", "1")
        .containsEntry("until", "" + end)
        .containsEntry("idle", "" + desk.time.now().toEpochMilli());
    assertThat(timers()).containsExactly(new Scored("l:alice:1", end));
  }

  @Test
  void polling_movesTheLease_withOneCommitInFiveSeconds() {
    say(Agent.Presence.AVAILABLE);
    int before = desk.store.calls.get("commit");

    for (int i = 0; i < 600; i++) {
      desk.time.advance(Duration.ofMillis(100));
      Desk.now(presence.renew(desk.workspace, alice));
    }

    assertThat(desk.store.calls.get("commit") - before).isBetween(10, 12);
    assertThat(Long.parseLong(row().get("until")))
        .isGreaterThanOrEqualTo(
            desk.time.now().plus(PresenceLease.TERM).minusSeconds(5).toEpochMilli());
    assertThat(timers().get(0).score()).isEqualTo(Double.parseDouble(row().get("until")));
  }

  @Test
  void polling_whileARenewalIsOnItsWay_renewsNothing() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(Duration.ofSeconds(20));
    int before = desk.store.calls.get("commit");
    Promise<Void> answers = Promise.promise();
    desk.store.until = answers.future();

    Future<Void> ended = presence.renew(desk.workspace, alice);
    Future<Void> opened = presence.renew(desk.workspace, alice);
    assertThat(ended.isComplete()).isFalse();
    assertThat(opened.succeeded()).isTrue();
    answers.complete();

    Desk.now(ended);
    assertThat(desk.store.calls.get("commit") - before).isOne();
    long end = desk.time.now().plus(PresenceLease.TERM).toEpochMilli();
    assertThat(row()).containsEntry("until", "" + end);
  }

  @Test
  void renewalThatFailed_isMadeByTheNextPoll() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(Duration.ofSeconds(20));
    desk.store.down = true;
    assertThat(presence.renew(desk.workspace, alice).failed()).isTrue();
    desk.store.down = false;

    Desk.now(presence.renew(desk.workspace, alice));

    long end = desk.time.now().plus(PresenceLease.TERM).toEpochMilli();
    assertThat(row()).containsEntry("until", "" + end);
  }

  @Test
  void scenario11_agentWhosePhoneSleeps_hasTheLeaseOfItsConfiguration() {
    Duration lease = Duration.ofMinutes(10);
    desk.hire(new Agent(alice, List.of("support"), Map.of(), List.of(), 4, Map.of(), lease));
    say(Agent.Presence.AVAILABLE);
    long end = desk.time.now().plus(lease).toEpochMilli();
    assertThat(timers()).containsExactly(new Scored("l:alice:1", end));
    hold("c1");

    desk.time.advance(lease.minusSeconds(1));
    fire("l:alice:1");
    assertThat(row()).as("asleep, and there").containsEntry("presence", "available");
    Desk.now(presence.renew(desk.workspace, alice));
    assertThat(timers().get(0).score()).isEqualTo((double) (end + lease.toMillis() - 1_000));
    desk.time.advance(lease);
    fire("l:alice:1");

    assertThat(row()).containsEntry("presence", "offline").containsEntry("gen", "2");
  }

  @Test
  void lapse_raisesTheGeneration_revokesOffers_andWaitsForTheGrace() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");
    hold("c2");
    desk.time.advance(PresenceLease.TERM);

    fire("l:alice:1");

    assertThat(row()).containsEntry("presence", "offline").containsEntry("gen", "2");
    assertThat(timers())
        .containsExactly(new Scored("v:alice:2", desk.time.now().plusSeconds(60).toEpochMilli()));
    assertThat(desk.applied)
        .containsExactly(
            new ConversationEvent.AgentVanished(alice, false),
            new ConversationEvent.AgentVanished(alice, false));
  }

  @Test
  void timer_whenTheLeaseWasRenewed_isArmedAgainAtItsEnd() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(Duration.ofSeconds(70));
    Desk.now(presence.renew(desk.workspace, alice));
    desk.time.advance(Duration.ofSeconds(5));
    desk.store.write(
        new Write.SortedAdd(desk.keys.timers(), "l:alice:1", desk.time.now().toEpochMilli() + 999));

    fire("l:alice:1");

    assertThat(row()).containsEntry("presence", "available").containsEntry("gen", "1");
    assertThat(timers())
        .containsExactly(new Scored("l:alice:1", Double.parseDouble(row().get("until"))));
  }

  @Test
  void staleTimer_justGoes() {
    say(Agent.Presence.AVAILABLE);
    desk.store.write(new Write.SortedAdd(desk.keys.timers(), "l:alice:0", 1));
    desk.store.write(new Write.SortedAdd(desk.keys.timers(), "v:alice:0", 1));

    fire("l:alice:0");
    fire("v:alice:0");

    assertThat(timers()).extracting(Scored::member).containsExactly("l:alice:1");
    assertThat(desk.applied).isEmpty();
  }

  @Test
  void comingBack_withinTheGrace_restoresAll() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");
    desk.time.advance(PresenceLease.TERM);
    fire("l:alice:1");
    desk.applied.clear();
    desk.time.advance(Duration.ofSeconds(30));

    say(Agent.Presence.AVAILABLE);
    fire("v:alice:2");

    assertThat(desk.applied).containsExactly(new ConversationEvent.AgentReturned(alice));
    assertThat(timers()).extracting(Scored::member).containsExactly("l:alice:2");
    assertThat(row()).containsEntry("presence", "available").containsEntry("gen", "2");
  }

  @Test
  void grace_whenItIsOver_movesWhatTheAgentHeld() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");
    desk.time.advance(PresenceLease.TERM);
    fire("l:alice:1");
    desk.applied.clear();
    desk.time.advance(Duration.ofSeconds(60));

    fire("v:alice:2");
    fire("v:alice:2");

    assertThat(desk.applied)
        .containsOnly(new ConversationEvent.AgentVanished(alice, true))
        .hasSize(2);
    assertThat(timers()).isEmpty();
  }

  /** The grace was over when it was read; by the time the conversations are told she is back. */
  @Test
  void comingBack_whileTheEndOfTheGraceIsTold_movesNothing() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");
    desk.time.advance(PresenceLease.TERM);
    fire("l:alice:1");
    desk.applied.clear();
    desk.time.advance(Duration.ofSeconds(60));

    desk.holding = true;
    Future<?> fired = presence.fired(desk.workspace, Timer.parse("v:alice:2"));
    Future<?> said = presence.say(desk.workspace, alice, Agent.Presence.AVAILABLE);
    desk.holding = false;
    desk.held.forEach(Promise::complete);

    Desk.now(fired);
    Desk.now(said);
    assertThat(desk.applied).containsExactly(new ConversationEvent.AgentReturned(alice));
    assertThat(timers()).extracting(Scored::member).containsExactly("l:alice:2");
  }

  /** A word of yesterday that comes late: she came and has left since. */
  @Test
  void leavingAgain_beforeTheReturnIsTold_isNoReturn() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");
    desk.holding = true;
    Future<?> said = presence.say(desk.workspace, alice, Agent.Presence.AVAILABLE);
    desk.holding = false;
    desk.applied.clear();
    say(Agent.Presence.OFFLINE);

    desk.held.forEach(Promise::complete);

    Desk.now(said);
    assertThat(desk.applied).containsExactly(new ConversationEvent.AgentVanished(alice, false));
  }

  @Test
  void poll_ofAnOfflineAgent_revivesNothing() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(PresenceLease.TERM);
    fire("l:alice:1");

    Desk.now(presence.renew(desk.workspace, alice));

    assertThat(row()).containsEntry("presence", "offline");
    assertThat(timers()).extracting(Scored::member).containsExactly("v:alice:2");
  }

  @Test
  void busy_givesOpenOffersBack_andKeepsTheLease() {
    say(Agent.Presence.AVAILABLE);
    hold("c1");

    say(Agent.Presence.BUSY);

    assertThat(row()).containsEntry("presence", "busy").containsEntry("gen", "1");
    assertThat(desk.applied)
        .containsExactly(
            new ConversationEvent.AgentVanished(alice, false),
            new ConversationEvent.AgentReturned(alice));
    assertThat(timers()).extracting(Scored::member).containsExactly("l:alice:1");
  }

  @Test
  void sayingOffline_isALapseAtOnce_alsoTwice() {
    say(Agent.Presence.AVAILABLE);

    desk.time.advance(Duration.ofSeconds(5));
    long left = desk.time.now().toEpochMilli();
    say(Agent.Presence.OFFLINE);
    desk.time.advance(Duration.ofSeconds(5));
    say(Agent.Presence.OFFLINE);

    assertThat(row())
        .containsEntry("presence", "offline")
        .containsEntry("gen", "2")
        .containsEntry("until", "" + left);
    assertThat(timers()).extracting(Scored::member).containsExactly("v:alice:2");
  }

  @Test
  void clockThatJumpsAhead_firstGivesEveryLeaseAFullTerm() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(Duration.ofSeconds(1));
    desk.time.step(Duration.ofMinutes(10));

    fire("l:alice:1");

    long end = desk.time.now().plus(PresenceLease.TERM).toEpochMilli();
    assertThat(row()).containsEntry("presence", "available").containsEntry("until", "" + end);
    assertThat(timers()).containsExactly(new Scored("l:alice:1", end));
    desk.time.advance(PresenceLease.TERM);
    fire("l:alice:1");
    assertThat(row()).containsEntry("presence", "offline");
  }

  @Test
  void smallStep_changesNothing() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(PresenceLease.TERM);
    desk.time.step(Duration.ofMillis(1900));

    fire("l:alice:1");

    assertThat(row()).containsEntry("presence", "offline");
  }

  @Test
  void storeThatFails_isToldToTheCaller_andTriedAgainByTheNextPoll() {
    say(Agent.Presence.AVAILABLE);
    desk.time.advance(Duration.ofSeconds(10));
    desk.store.down = true;
    assertThat(presence.renew(desk.workspace, alice).failed()).isTrue();
    desk.store.down = false;

    Desk.now(presence.renew(desk.workspace, alice));

    assertThat(row())
        .containsEntry("until", "" + desk.time.now().plus(PresenceLease.TERM).toEpochMilli());
  }

  @Test
  void twoNodes_renewingOneAgent_keepOneLease() {
    AgentPresence other = new AgentPresence(desk.store, desk, desk.time, new PollTurns(10_000));
    say(Agent.Presence.AVAILABLE);
    for (int i = 0; i < 100; i++) {
      desk.time.advance(Duration.ofSeconds(1));
      Desk.now((i % 2 == 0 ? presence : other).renew(desk.workspace, alice));
    }

    assertThat(row()).containsEntry("gen", "1").containsEntry("presence", "available");
    assertThat(timers()).hasSize(1);
  }
}
