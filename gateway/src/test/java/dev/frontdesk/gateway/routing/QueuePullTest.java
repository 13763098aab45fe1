// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.OfferTerms;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueuePullTest {

  private final Desk desk = new Desk("keep-promises");
  private final QueuePull pull = new QueuePull(desk.store, desk);

  @Test
  void take_givesTheEarliestDeadline_withoutAnOffer() {
    Agent alice = desk.hire("alice", 2);
    desk.seat(alice);
    desk.queue("later", "normal", Duration.ofMinutes(10));
    desk.queue("soon", "urgent", Duration.ofMinutes(1));

    Optional<Outcome> taken = Desk.now(pull.take(desk.workspace, alice.id(), null));

    assertThat(taken).get().isInstanceOf(Outcome.Applied.class);
    assertThat(desk.offeredTo).containsExactly(Map.entry("soon", "alice"));
    ConversationEvent.Assign assign = (ConversationEvent.Assign) desk.applied.get(0);
    assertThat(assign.why().rule()).isEqualTo("take");
    assertThat(assign.steal()).isFalse();
  }

  @Test
  void take_whenNothingMayBeServed_isEmpty() {
    Agent alice = desk.hire("alice", 2);
    desk.seat(alice);
    desk.queue("c1", new Bucket("sales", "normal", Map.of()), false, desk.time.now(), Map.of());

    assertThat(Desk.now(pull.take(desk.workspace, alice.id(), null))).isEmpty();
  }

  @Test
  void take_whenOfflineOrFull_isAConflict() {
    Agent alice = desk.hire("alice", 1);
    desk.queue("c1", "normal", Duration.ofMinutes(10));
    desk.queue("c2", "normal", Duration.ofMinutes(10));

    assertThat(code(pull.take(desk.workspace, alice.id(), null))).isEqualTo("agent-gone");
    desk.seat(alice);
    Desk.now(pull.take(desk.workspace, alice.id(), null));
    assertThat(code(pull.take(desk.workspace, alice.id(), null))).isEqualTo("no-capacity");
  }

  @Test
  void take_ofWhatIsReservedForSupervisors_onlyWhileNoneOfThemIsThere() {
    Agent alice = desk.hire("alice", 2);
    Agent sue =
        desk.hire(
            new Agent(
                new Agent.Id("sue"),
                List.of("support"),
                Map.of(OfferTerms.SUPERVISOR, 1),
                List.of(),
                2));
    desk.seat(alice);
    desk.seat(sue);
    Bucket reserved = new Bucket("support", "normal", Map.of(OfferTerms.SUPERVISOR, 1));
    desk.queue("c1", reserved, false, desk.time.now().plusSeconds(60), Map.of());

    assertThat(Desk.now(pull.take(desk.workspace, alice.id(), null))).isEmpty();
    desk.store.write(new Write.HashSet(desk.keys.agent(sue.id()), "presence", "offline"));
    desk.time.advance(Duration.ofSeconds(1));

    assertThat(Desk.now(pull.take(desk.workspace, alice.id(), null))).isPresent();
  }

  @Test
  void take_byAHundredAgentsAtOnce_givesEachConversationOnce() {
    for (int i = 0; i < 60; i++) {
      desk.queue("c" + i, "normal", Duration.ofMinutes(10 + i));
    }
    for (int i = 0; i < 100; i++) {
      desk.seat(desk.hire("a" + i, 1));
    }
    desk.holding = true;
    List<Future<Optional<Outcome>>> takes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      takes.add(pull.take(desk.workspace, new Agent.Id("a" + i), null));
    }
    for (int next = 0; next < desk.held.size(); next++) {
      desk.held.get(next).complete();
    }

    List<Optional<Outcome>> results = takes.stream().map(Desk::now).toList();
    assertThat(desk.offeredTo.values()).doesNotHaveDuplicates();
    assertThat(results.stream().filter(Optional::isPresent)).hasSize(60);
    assertThat(desk.offeredTo).as("nobody hears of an empty queue too early").hasSize(60);
  }

  @Test
  void take_whenTheFirstHundredsAreNotForTheAgent_findsWhatStandsBehindThem() {
    Agent alice = desk.hire("alice", 2);
    desk.seat(alice);
    Bucket normal = new Bucket("support", "normal", Map.of());
    for (int i = 0; i < 300; i++) {
      desk.queue("call" + i, normal, 3, desk.time.now().plusSeconds(100 + i));
    }
    desk.queue("chat", normal, 1, desk.time.now().plusSeconds(500));

    assertThat(Desk.now(pull.take(desk.workspace, alice.id(), null))).isPresent();
    assertThat(desk.offeredTo).containsExactly(Map.entry("chat", "alice"));
  }

  @Test
  void take_whenTheWholeQueueWasSeen_looksNoFarther() {
    Agent alice = desk.hire("alice", 2);
    desk.seat(alice);
    desk.queue(
        "call", new Bucket("support", "normal", Map.of()), 3, desk.time.now().plusSeconds(100));

    assertThat(Desk.now(pull.take(desk.workspace, alice.id(), null))).isEmpty();
    assertThat(desk.store.calls).containsEntry("sorted", 2);
  }

  private static String code(Future<?> future) {
    return ((GatewayException) future.cause()).code();
  }
}
