// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RouterTest {

  private static final Bucket NORMAL = new Bucket("support", "normal", Map.of());

  private final Desk desk = new Desk("keep-promises");
  private final AtomicInteger offers = new AtomicInteger();
  private final Router router = router();

  private Router router() {
    return new Router(
        () -> desk.workspace,
        desk.store,
        desk.time,
        desk.time,
        desk,
        () -> "offer-" + offers.incrementAndGet(),
        new GatewayMetrics(new SimpleMeterRegistry()));
  }

  @Test
  void offers_whenAgentsHaveRoom_fillThemAndNoMore() {
    desk.seat(desk.hire("alice", 2));
    desk.seat(desk.hire("bob", 1));
    for (int i = 0; i < 5; i++) {
      desk.queue("c" + i, "normal", Duration.ofMinutes(10 + i));
    }

    router.start();

    assertThat(desk.offeredTo.keySet()).containsExactlyInAnyOrder("c0", "c1", "c2");
    assertThat(desk.applied).hasSize(3);
  }

  @Test
  void offer_namesWhyAndUntilWhen() {
    desk.seat(desk.hire("alice", 1));
    desk.queue("c1", "normal", Duration.ofMinutes(10));

    router.start();

    ConversationEvent.Offer offer = (ConversationEvent.Offer) desk.applied.get(0);
    assertThat(offer.why().rule()).isEqualTo("keep-promises/on-time");
    assertThat(offer.why().candidates()).containsExactly("alice");
    assertThat(offer.why().slackMs()).isEqualTo(600_000);
    assertThat(offer.expiresAt()).isEqualTo(desk.time.now().plusSeconds(20));
    assertThat(offer.agent().generation()).isEqualTo(1);
  }

  @Test
  void offer_whenWokenByTheQueue_comesAtOnce() {
    desk.seat(desk.hire("alice", 1));
    router.start();

    desk.queue("c1", "normal", Duration.ofMinutes(10));

    assertThat(desk.offeredTo).containsKey("c1");
  }

  @Test
  void offer_whenWakeUpIsLostInABusyQueue_comesWithinSixSeconds() {
    Agent alice = desk.hire("alice", 1);
    desk.queue("c1", "normal", Duration.ofMinutes(10));
    router.start();
    desk.time.advance(Duration.ofMillis(10));
    desk.seatUnheard(alice);

    for (int i = 0; i < 20; i++) {
      desk.time.advance(Duration.ofMillis(300));
      desk.store.wake("q");
    }

    assertThat(desk.offeredTo).containsKey("c1");
  }

  @Test
  void offer_whenWakeUpIsLost_comesWithinASecond() {
    desk.seat(desk.hire("alice", 1));
    router.start();
    desk.queue("c1", NORMAL, false, desk.time.now().plusSeconds(600), Map.of());
    assertThat(desk.offeredTo).isEmpty();
    desk.time.advance(Duration.ofSeconds(1));

    assertThat(desk.offeredTo).containsKey("c1");
  }

  @Test
  void thousandsOfAgents_areReadAFewAtOnce() {
    for (int i = 0; i < 2_000; i++) {
      desk.seat(desk.hire("a" + i, 1));
    }
    desk.queue("c1", NORMAL, false, desk.time.now().plusSeconds(600), Map.of());
    Promise<Void> held = Promise.promise();
    desk.store.until = held.future();
    desk.store.calls.clear();

    router.start();

    assertThat(desk.store.calls).containsExactly(Map.entry("hashAll", 256));
    desk.store.until = Future.succeededFuture();
    held.complete();
    assertThat(desk.offeredTo).containsKey("c1");
    assertThat(desk.store.calls.get("hashAll")).isGreaterThanOrEqualTo(2_000);
  }

  @Test
  void offers_onTheirWay_areNeitherRepeatedNorCountedAsRoom() {
    desk.holding = true;
    desk.seat(desk.hire("alice", 2));
    desk.queue("c1", "normal", Duration.ofMinutes(10));
    desk.queue("c2", "normal", Duration.ofMinutes(11));
    desk.queue("c3", "normal", Duration.ofMinutes(12));
    router.start();

    desk.store.wake("*");
    desk.time.advance(Duration.ofSeconds(5));
    assertThat(desk.held).hasSize(2);
    desk.holding = false;
    List.copyOf(desk.held).forEach(go -> go.complete());

    assertThat(desk.offeredTo.keySet()).containsExactly("c1", "c2");
    assertThat(desk.applied).hasSize(2);
  }

  @Test
  void refusedOffer_isDecidedAgainAfterARest() {
    Agent alice = desk.hire("alice", 1);
    desk.seat(alice);
    router.start();
    desk.queue("c1", "normal", Duration.ofMinutes(10));
    desk.release("c1", alice);
    desk.queue("ghost", NORMAL, false, desk.time.now(), Map.of());
    desk.offeredTo.clear();
    desk.applied.clear();
    desk.holding = true;
    desk.store.wake("q");
    desk.holding = false;
    desk.store.write(
        new dev.frontdesk.gateway.store.Write.HashSet(desk.keys.agent(alice.id()), "gen", "2"));
    desk.held.get(0).complete();

    assertThat(desk.applied).hasSize(1);
    assertThat(desk.offeredTo).isEmpty();
    desk.time.advance(Duration.ofSeconds(2));

    assertThat(desk.offeredTo).containsKey("ghost");
  }

  @Test
  void declinedHeads_areSteppedOver_howeverMany() {
    desk.seat(desk.hire("alice", 1));
    Instant until = desk.time.now().plusSeconds(300);
    for (int i = 0; i < 300; i++) {
      desk.queue(
          "c" + i, NORMAL, false, desk.time.now().plusSeconds(600 + i), Map.of("alice", until));
    }
    desk.queue("free", NORMAL, false, desk.time.now().plusSeconds(6000), Map.of());

    router.start();

    assertThat(desk.offeredTo.keySet()).containsExactly("free");
  }

  @Test
  void declinedConversation_whenThePauseIsOver_comesAgain() {
    desk.seat(desk.hire("alice", 1));
    desk.queue(
        "c1",
        NORMAL,
        false,
        desk.time.now().plusSeconds(600),
        Map.of("alice", desk.time.now().plusSeconds(300)));
    router.start();
    desk.time.advance(Duration.ofSeconds(299));
    assertThat(desk.offeredTo).isEmpty();

    desk.time.advance(Duration.ofSeconds(2));

    assertThat(desk.offeredTo).containsKey("c1");
  }

  @Test
  void agent_whoseLeaseIsOver_getsNothing() {
    Agent alice = desk.hire("alice", 1);
    desk.seat(alice);
    desk.store.write(
        new dev.frontdesk.gateway.store.Write.HashSet(
            desk.keys.agent(alice.id()), "until", String.valueOf(desk.time.now().toEpochMilli())));
    desk.queue("c1", "normal", Duration.ofMinutes(10));

    router.start();

    assertThat(desk.applied).isEmpty();
  }

  @Test
  void stoppedRouter_offersNothingMore_andLeavesNoTask() {
    desk.seat(desk.hire("alice", 1));
    router.start();
    router.stop();

    desk.queue("c1", "normal", Duration.ofMinutes(10));
    desk.time.advance(Duration.ofSeconds(10));

    assertThat(desk.applied).isEmpty();
    assertThat(desk.time.pending()).isZero();
  }

  @Test
  void storeThatFails_isAskedAgainEachSecond_notInALoop() {
    desk.seat(desk.hire("alice", 1));
    desk.queue("c1", "normal", Duration.ofMinutes(10));
    desk.store.down = true;
    router.start();
    desk.time.advance(Duration.ofSeconds(10));
    assertThat(desk.store.calls.values().stream().mapToInt(i -> i).sum()).isLessThan(30);
    desk.store.down = false;

    desk.time.advance(Duration.ofSeconds(1));

    assertThat(desk.offeredTo).containsKey("c1");
  }

  @Test
  void orderOfOffers_toOneAgent_isTheOrderOfDeadlines() {
    for (int seed = 0; seed < 100; seed++) {
      Desk one = new Desk("keep-promises");
      Agent alice = one.hire("alice", 1);
      one.seat(alice);
      Random random = new Random(seed);
      Map<String, Integer> dues = new HashMap<>();
      for (int i = 0; i < 20; i++) {
        int due = 60 + random.nextInt(5000);
        dues.put("c" + i, due);
        one.queue(
            "c" + i,
            new Bucket("support", "p" + random.nextInt(5), Map.of()),
            false,
            one.time.now().plusSeconds(due),
            Map.of());
      }
      new Router(
              () -> one.workspace,
              one.store,
              one.time,
              one.time,
              one,
              () -> "o",
              new GatewayMetrics(new SimpleMeterRegistry()))
          .start();
      for (int i = 0; i < 20; i++) {
        one.release(List.copyOf(one.offeredTo.keySet()).get(i), alice);
      }

      List<Integer> order = new ArrayList<>();
      one.offeredTo.keySet().forEach(id -> order.add(dues.get(id)));
      assertThat(order).as("seed " + seed).hasSize(20).isSorted();
    }
  }

  @Test
  void twoRouters_ofOneWorkspace_offerEachConversationOnce() {
    Router other = router();
    for (int i = 0; i < 10; i++) {
      desk.seat(desk.hire("a" + i, 3));
    }
    router.start();
    other.start();

    for (int i = 0; i < 50; i++) {
      desk.queue("c" + i, "normal", Duration.ofMinutes(10));
    }
    desk.time.advance(Duration.ofSeconds(5));

    assertThat(desk.offeredTo).hasSize(30);
    for (int i = 0; i < 10; i++) {
      assertThat(desk.store.hash(desk.keys.agent(new Agent.Id("a" + i))))
          .containsEntry("load", "3");
    }
  }

  @Test
  void chat_behindThirtyCallsNobodyHasRoomFor_isOffered() {
    desk.seat(desk.hire("alice", 2));
    desk.seat(desk.hire("bob", 2));
    for (int i = 0; i < 30; i++) {
      desk.queue("call" + i, NORMAL, 3, desk.time.now().plusSeconds(100 + i));
    }
    desk.queue("chat", NORMAL, 1, desk.time.now().plusSeconds(500));

    router.start();

    assertThat(desk.offeredTo).containsOnlyKeys("chat");
  }

  @Test
  void lookFarInVain_isRepeatedOnceASecond_notAtEachWakeUp() {
    desk.seat(desk.hire("alice", 2));
    for (int i = 0; i < 600; i++) {
      desk.queue("call" + i, NORMAL, 3, desk.time.now().plusSeconds(100 + i));
    }
    router.start();
    desk.time.advance(Duration.ofMillis(10));
    int before = desk.store.calls.getOrDefault("hashGet", 0);

    for (int i = 0; i < 20; i++) {
      desk.store.wake("q");
      desk.time.advance(Duration.ofMillis(10));
    }

    assertThat(desk.store.calls.getOrDefault("hashGet", 0) - before).isLessThan(20 * 16);
  }

  @Test
  void call_thatChatsPassForTheirCost_hasTheRoomOfOneAgentKept() {
    Agent alice = desk.hire("alice", 3);
    Agent bob = desk.hire("bob", 3);
    desk.seat(alice);
    desk.seat(bob);
    for (int i = 0; i < 6; i++) {
      desk.queue("c" + i, NORMAL, 1, desk.time.now().plusSeconds(10 + i));
    }
    router.start();
    desk.queue("call", NORMAL, 3, desk.time.now().plusSeconds(50));
    for (int i = 0; i < 9; i++) {
      desk.queue("d" + i, NORMAL, 1, desk.time.now().plusSeconds(100 + i));
    }
    desk.time.advance(Duration.ofSeconds(25));

    desk.release(one(alice), alice);
    assertThat(desk.offeredTo).as("kept for the call").hasSize(6);
    desk.release(one(bob), bob);
    assertThat(desk.offeredTo).as("only alice's room is kept").containsEntry("d0", "bob");
    desk.release(one(alice), alice);
    desk.release(one(alice), alice);

    assertThat(desk.offeredTo).hasSize(8).containsEntry("call", "alice");
  }

  private static String one(Agent agent) {
    return "any of " + agent.id();
  }

  @Test
  void reads_whenNobodyHasRoom_doNotTouchTheQueue() {
    desk.hire("alice", 1);
    router.start();
    int before = desk.store.calls.getOrDefault("sorted", 0);

    for (int i = 0; i < 100; i++) {
      desk.queue("c" + i, "normal", Duration.ofMinutes(10));
    }

    assertThat(desk.store.calls.getOrDefault("sorted", 0)).isEqualTo(before);
  }
}
