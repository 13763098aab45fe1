// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.Hands;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentInboxTest {

  private static final Duration WAIT = Duration.ofSeconds(25);

  private final Desk desk = new Desk("keep-promises");
  private final Agent.Id alice = desk.hire("alice", 4).id();
  private final PollTurns turns = new PollTurns(10 * 2 * PollTurns.COMMANDS);
  private final InboxWaiters waiters =
      new InboxWaiters(desk.store, desk.time, desk.time, 50, turns);
  private final AgentInbox inbox = new AgentInbox(desk.store, this::find, waiters, turns);
  private final List<String> offered = new ArrayList<>();

  private Future<ConversationService.Snapshot> find(Workspace workspace, Conversation.Id id) {
    return Future.succeededFuture(
        id.value().startsWith("gone")
            ? null
            : new ConversationService.Snapshot(conversation(id), 1));
  }

  private Conversation conversation(Conversation.Id id) {
    boolean isOffer = offered.contains(id.value());
    var now = desk.time.now();
    return new Conversation(
        id,
        new ContactKey("hook", "u1", null),
        "webhook",
        null,
        null,
        isOffer ? Conversation.Stage.OFFERED : Conversation.Stage.ASSIGNED,
        isOffer ? null : Owner.agent(alice),
        1,
        new Triage("support", "normal", 5, Map.of(), null, null, null, List.of()),
        null,
        Map.of(),
        isOffer ? new Conversation.Offer("o", alice, now) : null,
        null,
        1,
        "",
        now,
        now,
        now,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        SendWindow.UNLIMITED,
        Map.of(),
        1,
        Map.of(),
        List.of(),
        List.of(),
        false,
        false,
        false,
        false,
        null,
        Hands.NONE,
        null);
  }

  private Future<AgentInbox.Page> poll(String cursor, Duration wait) {
    return inbox.poll(desk.workspace, alice, cursor, wait, Promise.promise().future());
  }

  private String start() {
    return Desk.now(poll(null, Duration.ZERO)).cursor();
  }

  private static List<String> ids(AgentInbox.Page page) {
    return page.changes().stream().map(c -> c.conversation().value()).toList();
  }

  private static String code(Future<?> future) {
    assertThat(future.failed()).isTrue();
    return ((GatewayException) future.cause()).code();
  }

  @Test
  void sameCursor_givesTheSameChangesAgain() {
    String cursor = start();
    desk.tell(alice, Change.OFFERED, "c1", 0);
    desk.tell(alice, Change.MESSAGE, "c1", 3);
    AgentInbox.Page first = Desk.now(poll(cursor, WAIT));

    AgentInbox.Page second = Desk.now(poll(cursor, WAIT));

    assertThat(second).isEqualTo(first);
    assertThat(first.changes())
        .containsExactly(
            new AgentInbox.Change(Change.OFFERED, new Conversation.Id("c1"), 0, null),
            new AgentInbox.Change(Change.MESSAGE, new Conversation.Id("c1"), 3, null));
    assertThat(first.cursor()).matches("[A-Za-z0-9._~-]+");
  }

  @Test
  void waitingPoll_isAnsweredByTheNextChange() {
    Future<AgentInbox.Page> poll = poll(start(), WAIT);
    assertThat(poll.isComplete()).isFalse();

    desk.tell(alice, Change.OFFERED, "c1", 0);

    assertThat(ids(Desk.now(poll))).containsExactly("c1");
    assertThat(desk.time.pending()).as("tasks left").isLessThanOrEqualTo(1);
  }

  @Test
  void waitingPoll_whenTheWakeUpIsLost_isAnsweredWithinASecond() {
    Future<AgentInbox.Page> poll = poll(start(), WAIT);
    desk.store.silent = true;
    desk.tell(alice, Change.OFFERED, "c1", 0);

    desk.time.advance(Duration.ofSeconds(1));

    assertThat(ids(Desk.now(poll))).containsExactly("c1");
  }

  @Test
  void waitingPoll_whenNothingComes_isEmptyAfterTheWait_withTheSameCursor() {
    String cursor = start();
    Future<AgentInbox.Page> poll = poll(cursor, WAIT);
    desk.time.advance(WAIT.minusMillis(1));
    assertThat(poll.isComplete()).isFalse();

    desk.time.advance(Duration.ofMillis(1));

    assertThat(Desk.now(poll)).isEqualTo(new AgentInbox.Page(cursor, List.of(), false));
    desk.time.advance(Duration.ofSeconds(5));
    assertThat(desk.time.pending()).isZero();
  }

  @Test
  void waitOfZero_answersAtOnce() {
    assertThat(Desk.now(poll(start(), Duration.ZERO)).changes()).isEmpty();
  }

  @Test
  void answerThatIsLost_comesWithTheOldCursor() {
    String cursor = start();
    Promise<Void> closed = Promise.promise();
    Future<AgentInbox.Page> lost = inbox.poll(desk.workspace, alice, cursor, WAIT, closed.future());
    closed.complete();
    assertThat(Desk.now(lost).changes()).isEmpty();
    desk.tell(alice, Change.ASSIGNED, "c1", 0);

    assertThat(ids(Desk.now(poll(cursor, WAIT)))).containsExactly("c1");
  }

  @Test
  void twoDevices_seeTheSame_eachWithItsOwnCursor() {
    String cursor = start();
    Future<AgentInbox.Page> phone = poll(cursor, WAIT);
    Future<AgentInbox.Page> desktop = poll(cursor, WAIT);
    desk.tell(alice, Change.OFFERED, "c1", 0);
    String later = Desk.now(desktop).cursor();
    desk.tell(alice, Change.REMOVED, "c1", 0);

    assertThat(ids(Desk.now(phone))).containsExactly("c1");
    assertThat(Desk.now(poll(cursor, WAIT)).changes()).hasSize(2);
    assertThat(Desk.now(poll(later, WAIT)).changes()).hasSize(1);
  }

  @Test
  void devicesBeyondTheBound_endTheLongestWait() {
    String cursor = start();
    Future<AgentInbox.Page> first = poll(cursor, WAIT);
    List<Future<AgentInbox.Page>> others = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      others.add(poll(cursor, WAIT));
    }

    assertThat(Desk.now(first).changes()).isEmpty();
    assertThat(others).noneMatch(Future::isComplete);
  }

  @Test
  void pollsBeyondTheWorkspacesBound_areRefused() {
    List<Future<AgentInbox.Page>> polls = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      Agent agent = desk.hire("a" + i, 1);
      String cursor =
          Desk.now(inbox.poll(desk.workspace, agent.id(), null, WAIT, Promise.promise().future()))
              .cursor();
      polls.add(inbox.poll(desk.workspace, agent.id(), cursor, WAIT, Promise.promise().future()));
    }

    assertThat(polls.subList(0, 50)).noneMatch(Future::isComplete);
    assertThat(code(polls.get(50))).isEqualTo("too-many-polls");
    inbox.end(desk.workspace, new Agent.Id("a0"));
    assertThat(polls.get(0).isComplete()).isTrue();
  }

  @Test
  void cursor_ofAnotherIncarnation_trimmedOrLost_needsAResync() {
    String before = start();
    desk.tell(alice, Change.OFFERED, "c1", 0);
    String one = Desk.now(poll(before, WAIT)).cursor();
    for (int i = 0; i < RedisKeys.INBOX_LENGTH; i++) {
      desk.tell(alice, Change.MESSAGE, "c1", i);
    }
    desk.tell(alice, Change.MESSAGE, "c1", 1);
    assertThat(code(poll(before, WAIT))).isEqualTo("resync-required");
    assertThat(code(poll(one, WAIT))).isEqualTo("resync-required");
    String latest = start();
    desk.store.forget(desk.keys.inbox(alice));
    assertThat(code(poll(latest, WAIT))).isEqualTo("resync-required");
    desk.tell(alice, Change.OFFERED, "c9", 0);
    String now = start();
    desk.store.epoch = "epoch-2";

    assertThat(code(poll(now, WAIT))).isEqualTo("resync-required");
  }

  @Test
  void cursor_fromBeforeTheFirstRow_isContinuedWhileNothingWasTrimmed() {
    String before = start();
    for (int i = 0; i < 3; i++) {
      desk.tell(alice, Change.MESSAGE, "c" + i, i);
    }

    assertThat(ids(Desk.now(poll(before, WAIT)))).containsExactly("c0", "c1", "c2");
  }

  @Test
  void cursorThatIsNoCursor_isMalformed() {
    for (String bad : List.of("", "x", "~", "AAAAAAAAAAAAAAAA~1", "AAAAAAAAAAAAAAAA~1-2~", "é")) {
      assertThat(code(poll(bad, WAIT))).as(bad).isEqualTo("malformed");
    }
  }

  @Test
  void snapshot_showsWhatTheAgentHolds_andContinuesFromBefore() {
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), "c1", "1"));
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), "c2", "1"));
    desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), "gone", "1"));
    offered.add("c2");

    AgentInbox.Page snapshot = Desk.now(poll(null, WAIT));

    assertThat(snapshot.changes())
        .extracting(AgentInbox.Change::type)
        .containsExactly(Change.ASSIGNED, Change.OFFERED);
    assertThat(snapshot.more()).isFalse();
    desk.tell(alice, Change.MESSAGE, "c1", 2);
    assertThat(ids(Desk.now(poll(snapshot.cursor(), WAIT)))).containsExactly("c1");
  }

  @Test
  void snapshot_ofMany_comesInPages_thenChangesSinceItBegan() {
    for (int i = 0; i < 450; i++) {
      desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), "c" + (1000 + i), "1"));
    }
    AgentInbox.Page page = Desk.now(poll(null, WAIT));
    desk.tell(alice, Change.MESSAGE, "c1000", 2);
    List<String> seen = new ArrayList<>(ids(page));
    while (page.more()) {
      String cursor = page.cursor();
      page = Desk.now(poll(cursor, WAIT));
      assertThat(Desk.now(poll(cursor, WAIT))).isEqualTo(page);
      seen.addAll(ids(page));
    }

    assertThat(seen).hasSize(450).doesNotHaveDuplicates();
    assertThat(ids(Desk.now(poll(page.cursor(), WAIT)))).containsExactly("c1000");
  }

  @Test
  void manyChanges_comeInPages_inOrderWithoutAGap() {
    String cursor = start();
    for (int i = 0; i < 1001; i++) {
      desk.tell(alice, Change.MESSAGE, "c1", i + 1);
    }
    List<Integer> seqs = new ArrayList<>();
    AgentInbox.Page page;
    do {
      page = Desk.now(poll(cursor, WAIT));
      page.changes().forEach(change -> seqs.add(change.seq()));
      cursor = page.cursor();
    } while (page.more());

    assertThat(seqs).hasSize(1001).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void randomPolls_thatLoseAnswersAndWakeUps_seeEveryChangeInOrder() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      AgentInboxTest fresh = new AgentInboxTest();
      String cursor = fresh.start();
      List<Integer> seen = new ArrayList<>();
      int told = 0;
      while (seen.size() < 200) {
        fresh.desk.store.silent = random.nextInt(3) == 0;
        Future<AgentInbox.Page> poll = fresh.poll(cursor, Duration.ofSeconds(random.nextInt(5)));
        for (int i = random.nextInt(4); i > 0 && told < 200; i--) {
          fresh.desk.tell(fresh.alice, Change.MESSAGE, "c", ++told);
          fresh.desk.time.advance(Duration.ofMillis(random.nextInt(1500)));
        }
        fresh.desk.time.advance(Duration.ofSeconds(5));
        if (random.nextInt(3) > 0) {
          AgentInbox.Page page = Desk.now(poll);
          page.changes().forEach(change -> seen.add(change.seq()));
          cursor = page.cursor();
        }
      }
      assertThat(seen).as("seed " + seed).hasSize(200).isSorted().doesNotHaveDuplicates();
    }
  }

  private List<Agent.Id> agents(int count) {
    return IntStream.range(0, count).mapToObj(i -> desk.hire("a" + i, 1).id()).toList();
  }

  private Future<AgentInbox.Page> poll(Agent.Id agent, String cursor, Future<?> closed) {
    return inbox.poll(desk.workspace, agent, cursor, WAIT, closed);
  }

  private int reads() {
    return desk.store.calls.values().stream().mapToInt(n -> n).sum();
  }

  @Test
  void pollsThatAskTogether_readTenAtOnce_andNoneIsRefused() {
    List<Agent.Id> agents = agents(40);
    String cursor = start();
    agents.forEach(agent -> desk.tell(agent, Change.OFFERED, "c" + agent, 0));
    Promise<Void> held = Promise.promise();
    desk.store.until = held.future();
    desk.store.calls.clear();
    List<String> answered = new ArrayList<>();

    List<Future<AgentInbox.Page>> polls =
        agents.stream()
            .map(
                agent ->
                    poll(agent, cursor, Promise.promise().future())
                        .onSuccess(page -> answered.addAll(ids(page))))
            .toList();

    assertThat(desk.store.calls).containsExactly(Map.entry("streamLast", 10));
    assertThat(turns.waiting()).isEqualTo(30);
    desk.store.until = Future.succeededFuture();
    held.complete();
    assertThat(polls).allMatch(Future::succeeded);
    assertThat(answered)
        .containsExactlyInAnyOrderElementsOf(agents.stream().map(a -> "c" + a).toList());
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void agentsWokenTogether_readTenAtOnce_onceEach_howeverOftenTheyAreWoken() {
    List<Agent.Id> agents = agents(40);
    String cursor = start();
    List<Future<AgentInbox.Page>> polls =
        agents.stream().map(agent -> poll(agent, cursor, Promise.promise().future())).toList();
    desk.store.silent = true;
    agents.forEach(agent -> desk.tell(agent, Change.OFFERED, "c" + agent, 0));
    Promise<Void> held = Promise.promise();
    desk.store.until = held.future();
    desk.store.calls.clear();

    desk.store.wake("*");
    desk.store.wake("a:a39");
    desk.store.wake("*");

    assertThat(desk.store.calls).containsExactly(Map.entry("stream", 10));
    assertThat(turns.waiting()).isEqualTo(30);
    desk.store.until = Future.succeededFuture();
    held.complete();
    assertThat(polls).allMatch(Future::succeeded);
    assertThat(desk.store.calls.get("stream"))
        .as("ten were read while woken again")
        .isBetween(40, 50);
  }

  @Test
  void pollThatClosesBeforeItsTurn_readsNothing() {
    List<Agent.Id> agents = agents(12);
    String cursor = start();
    Promise<Void> held = Promise.promise();
    desk.store.until = held.future();
    desk.store.calls.clear();
    Promise<Void> closed = Promise.promise();
    agents.subList(0, 10).forEach(agent -> poll(agent, cursor, Promise.promise().future()));
    Future<AgentInbox.Page> left = poll(agents.get(10), cursor, closed.future());
    Future<AgentInbox.Page> stays = poll(agents.get(11), cursor, Promise.promise().future());

    closed.complete();

    assertThat(code(left)).isEqualTo("closed");
    assertThat(turns.waiting()).isEqualTo(1);
    held.complete();
    desk.tell(agents.get(11), Change.OFFERED, "c1", 0);
    assertThat(ids(Desk.now(stays))).containsExactly("c1");
  }

  @Test
  void waitOfAPoll_thatEndsWhileItsWakeUpWaits_isEmpty_andReadsNothing() {
    List<Agent.Id> agents = agents(11);
    String cursor = start();
    List<Future<AgentInbox.Page>> polls =
        agents.stream().map(agent -> poll(agent, cursor, Promise.promise().future())).toList();
    desk.time.advance(WAIT.minusMillis(1));
    Promise<Void> held = Promise.promise();
    desk.store.until = held.future();
    desk.store.wake("*");
    int before = reads();

    desk.time.advance(Duration.ofMillis(1));

    assertThat(polls).allMatch(poll -> Desk.now(poll).changes().isEmpty());
    assertThat(turns.waiting()).isZero();
    held.complete();
    desk.time.advance(Duration.ofSeconds(5));
    assertThat(reads()).isEqualTo(before);
  }

  @Test
  void snapshotOfMany_asksForAFewAtOnce() {
    for (int i = 0; i < 100; i++) {
      desk.store.write(new Write.HashSet(desk.keys.agentLoad(alice), "c" + (1000 + i), "1"));
    }
    List<Promise<ConversationService.Snapshot>> asked = new ArrayList<>();
    AgentInbox slow =
        new AgentInbox(
            desk.store,
            (workspace, id) -> {
              asked.add(Promise.promise());
              return asked.get(asked.size() - 1).future();
            },
            waiters,
            turns);

    Future<AgentInbox.Page> snapshot =
        slow.poll(desk.workspace, alice, null, WAIT, Promise.promise().future());

    for (int done = 0; !snapshot.isComplete(); done++) {
      assertThat(asked.size() - done).isBetween(1, PollTurns.COMMANDS);
      asked.get(done).complete(new ConversationService.Snapshot(conversation(id(done)), 1));
    }
    assertThat(ids(Desk.now(snapshot))).hasSize(100).isSorted();
  }

  private static Conversation.Id id(int number) {
    return new Conversation.Id("c" + (1000 + number));
  }

  @Test
  void thousandsOfIdlePolls_costOneSmallReadPerAgentAndSecond() {
    InboxWaiters many = new InboxWaiters(desk.store, desk.time, desk.time, 10_000, turns);
    AgentInbox busy = new AgentInbox(desk.store, this::find, many, turns);
    for (int i = 0; i < 3000; i++) {
      Agent.Id agent = new Agent.Id("b" + i);
      String cursor =
          Desk.now(busy.poll(desk.workspace, agent, null, WAIT, Promise.promise().future()))
              .cursor();
      Future<AgentInbox.Page> waiting =
          busy.poll(
              desk.workspace, agent, cursor, Duration.ofSeconds(55), Promise.promise().future());
      assertThat(waiting.isComplete()).isFalse();
    }
    desk.time.advance(Duration.ofSeconds(5));
    desk.store.calls.clear();

    desk.time.advance(Duration.ofSeconds(10));

    assertThat(desk.store.calls.get("streamLast")).isBetween(15_000, 26_000);
    assertThat(desk.store.calls).doesNotContainKey("stream");
  }
}
