// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.InboxWaiters;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.desk.Desk;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.routing.PresenceLease;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.timer.TimerRoom;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Router, presence and inbox on the real rules and commits, in virtual time. */
class RealRulesTest {

  private static final List<String> CHANNELS = List.of("phone", "mail", "chat", "wechat", "social");
  private static final Map<String, ChannelFamily> FAMILIES =
      Map.of(
          "twilio-voice", ChannelFamily.PHONE,
          "email", ChannelFamily.EMAIL,
          "webchat", ChannelFamily.WEBCHAT,
          "wechat-official", ChannelFamily.WECHAT,
          "telegram", ChannelFamily.SOCIAL);
  private static final String YAML =
      """
      workspaces:
        acme:
          channels:
            phone: { connector: twilio-voice }
            mail: { connector: email }
            chat: { connector: webchat }
            wechat: { connector: wechat-official }
            social: { connector: telegram }
          promises: { p1: { firstResponse: 1m }, p2: { firstResponse: 5m }, p3: { firstResponse: 1h } }
          defaults: { queue: support, promise: p3 }
          triage:
            - { when: 'message.text == "1"', set: { promise: p1 } }
            - { when: 'message.text == "2"', set: { promise: p2 } }
          queues: { support: {} }
          agents:
            alice: { token: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, queues: [support], capacity: 1 }
            bob: { token: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, queues: [support], capacity: 8 }
      """;
  private static final Workspace WORKSPACE = workspace();

  /** What a connector of this test asks for. */
  record NoSettings() {}

  private static Workspace workspace() {
    var config =
        new ConfigLoader(Map.of(), name -> NoSettings.class, RuleCheck.none()).parse(YAML).config();
    return new WorkspaceFactory(FAMILIES::get, new Conditions(), id -> {})
        .workspaces(config)
        .get("acme");
  }

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(time);
  private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());
  private final ConversationService service =
      new ConversationService(store, new JsonCodec(), time, new Random(1), metrics, 10_000);
  private final Executor home = task -> time.after(Duration.ZERO, task);
  private final PollTurns turns = new PollTurns(10_000);
  private final AgentPresence presence =
      new AgentPresence(store, service, () -> time.now().toEpochMilli() * 1_000_000, turns);
  private final AgentInbox inbox =
      new AgentInbox(store, service::find, new InboxWaiters(store, time, home, 100, turns), turns);
  private int offers;
  private final Router router =
      new Router(() -> WORKSPACE, store, time, home, service, () -> "offer" + ++offers, metrics);
  private final TimerRoom timers =
      new TimerRoom(
          () -> WORKSPACE,
          store,
          time,
          Map.of(Timer.Subject.AGENT, presence::fired, Timer.Subject.CONVERSATION, service::fire),
          metrics);

  private void write(String channel, String contact, String text) {
    InboundEvent.Received message =
        InboundEvent.Received.of(
            channel + contact,
            new ContactRef(contact, null, null),
            time.now(),
            new MessageContent.Text(text));
    Desk.now(service.receive(WORKSPACE, new ContactKey(channel, contact, null), List.of(message)));
  }

  private void say(Agent.Id agent, Agent.Presence said) {
    Desk.now(presence.say(WORKSPACE, agent, said));
  }

  private AgentInbox.Page poll(Agent.Id agent, String cursor) {
    return Desk.now(
        inbox.poll(WORKSPACE, agent, cursor, Duration.ZERO, Promise.promise().future()));
  }

  private Conversation find(Conversation.Id id) {
    return Desk.now(service.find(WORKSPACE, id)).conversation();
  }

  private Outcome apply(Conversation.Id id, ConversationEvent event) {
    return Desk.now(service.apply(WORKSPACE, id, event, null));
  }

  private void serve(Agent.Id agent, Conversation.Id id) {
    Conversation offered = find(id);
    apply(id, new ConversationEvent.Accept(agent, offered.offer().id()));
    long epoch = find(id).epoch();
    apply(
        id,
        new ConversationEvent.Reply(
            Author.agent(agent), epoch, List.of(new MessageContent.Text("hello")), null));
    assertThat(apply(id, new ConversationEvent.Resolve(Author.agent(agent), epoch, null)))
        .isInstanceOf(Outcome.Applied.class);
  }

  private long waiting() {
    return QueueBoard.total(Desk.now(new QueueBoard(store).read(WORKSPACE))).waiting();
  }

  /** What one agent was offered: from which families, with which deadlines, in which order. */
  private record Offered(List<String> families, List<Instant> arrivals, List<Instant> dues) {}

  @Test
  void oneQueue_fiveFamiliesOneAgent_isOfferedInTheOrderOfDeadlines() {
    int notByArrival = 0;
    Set<String> firstFamilies = new HashSet<>();
    for (long seed = 0; seed < 500; seed++) {
      RealRulesTest desk = new RealRulesTest();
      Offered offered = desk.offered(new Random(seed), 8);

      assertThat(offered.dues()).as("seed " + seed).hasSize(8).isSorted();
      assertThat(Set.copyOf(offered.families())).as("seed " + seed).hasSize(5);
      assertThat(desk.waiting()).as("seed " + seed).isZero();
      firstFamilies.add(offered.families().get(0));
      List<Instant> byArrival = offered.arrivals().stream().sorted().toList();
      notByArrival += offered.arrivals().equals(byArrival) ? 0 : 1;
    }

    assertThat(firstFamilies).as("any family may be the most urgent").hasSize(5);
    assertThat(notByArrival).as("cases in which arrival says another order").isGreaterThan(400);
  }

  /** Every family writes at least once, in any order, each with any promise. */
  private Offered offered(Random random, int count) {
    List<String> channels = new ArrayList<>(CHANNELS);
    while (channels.size() < count) {
      channels.add(CHANNELS.get(random.nextInt(5)));
    }
    Collections.shuffle(channels, random);
    for (int i = 0; i < count; i++) {
      time.advance(Duration.ofMillis(random.nextInt(6_000)));
      write(channels.get(i), "u" + i, String.valueOf(1 + random.nextInt(3)));
    }
    Agent.Id alice = new Agent.Id("alice");
    say(alice, Agent.Presence.AVAILABLE);
    String cursor = poll(alice, null).cursor();
    router.start();
    Offered offered = new Offered(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int step = 0; step < 100 && offered.dues().size() < count; step++) {
      time.advance(Duration.ofMillis(1));
      AgentInbox.Page page = poll(alice, cursor);
      cursor = page.cursor();
      for (AgentInbox.Change change : page.changes()) {
        if (change.type() == Change.OFFERED) {
          Conversation conversation = find(change.conversation());
          String channel = conversation.contact().channel();
          offered.families().add(WORKSPACE.terms().channels().get(channel).family());
          offered.arrivals().add(conversation.openedAt());
          offered.dues().add(conversation.clock().dueAt());
          serve(alice, change.conversation());
        }
      }
    }
    router.stop();
    return offered;
  }

  @Test
  void agentWithFiveOffers_whoVanishes_losesThem_clocksAndAgeIntact() {
    Agent.Id bob = new Agent.Id("bob");
    timers.start();
    router.start();
    say(bob, Agent.Presence.AVAILABLE);
    for (int i = 0; i < 5; i++) {
      write("chat", "u" + i, "3");
    }
    time.advance(Duration.ofMillis(10));
    List<Conversation> offered =
        poll(bob, null).changes().stream().map(c -> find(c.conversation())).toList();
    assertThat(offered).hasSize(5).allMatch(c -> c.stage() == Conversation.Stage.OFFERED);

    time.advance(PresenceLease.TERM.plusSeconds(1));

    for (Conversation before : offered) {
      Conversation after = find(before.id());
      assertThat(after.stage()).isEqualTo(Conversation.Stage.WAITING);
      assertThat(after.clock().dueAt()).isEqualTo(before.clock().dueAt());
      assertThat(after.waitingSince()).isEqualTo(before.waitingSince());
    }
    assertThat(Desk.now(store.hashGet(WORKSPACE.keys().agent(bob), "load"))).isEqualTo("0");
    assertThat(waiting()).isEqualTo(5);
  }

  @Test
  void assignedConversation_movesOnlyAfterTheGrace_toSomebodyElse() {
    Agent.Id bob = new Agent.Id("bob");
    Agent.Id alice = new Agent.Id("alice");
    timers.start();
    router.start();
    say(bob, Agent.Presence.AVAILABLE);
    write("chat", "u1", "3");
    time.advance(Duration.ofMillis(10));
    Conversation.Id id = poll(bob, null).changes().get(0).conversation();
    apply(id, new ConversationEvent.Accept(bob, find(id).offer().id()));
    time.advance(PresenceLease.TERM.plusSeconds(30));
    assertThat(find(id).owner().id()).isEqualTo("bob");
    say(alice, Agent.Presence.AVAILABLE);

    time.advance(Duration.ofSeconds(32));

    assertThat(find(id).offer().agent()).isEqualTo(alice);
  }

  @Test
  void acceptOfOneOffer_byAHundredAgents_isWonOnce() {
    Agent.Id alice = new Agent.Id("alice");
    router.start();
    say(alice, Agent.Presence.AVAILABLE);
    write("chat", "u1", "1");
    time.advance(Duration.ofMillis(10));
    Conversation.Id id = poll(alice, null).changes().get(0).conversation();
    String offer = find(id).offer().id();
    List<Future<Outcome>> accepts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Agent.Id agent = i == 57 ? alice : new Agent.Id("other" + i);
      accepts.add(service.apply(WORKSPACE, id, new ConversationEvent.Accept(agent, offer), null));
    }

    Set<String> codes =
        accepts.stream()
            .map(Desk::now)
            .filter(Outcome.Refused.class::isInstance)
            .map(outcome -> ((Outcome.Refused) outcome).refusal().code())
            .map(Refusal.Code::label)
            .collect(Collectors.toSet());
    assertThat(codes).containsExactly("taken");
    assertThat(accepts.stream().map(Desk::now).filter(Outcome.Applied.class::isInstance))
        .hasSize(1);
    assertThat(find(id).owner().is(alice)).isTrue();
  }

  @Test
  void acceptAfterTheOfferEnded_isExpired_andOwnsNothing() {
    Agent.Id alice = new Agent.Id("alice");
    timers.start();
    router.start();
    say(alice, Agent.Presence.AVAILABLE);
    write("chat", "u1", "3");
    time.advance(Duration.ofMillis(10));
    Conversation.Id id = poll(alice, null).changes().get(0).conversation();
    String offer = find(id).offer().id();
    time.advance(Duration.ofSeconds(21));

    Outcome late = apply(id, new ConversationEvent.Accept(alice, offer));

    assertThat(((Outcome.Refused) late).refusal().code()).isEqualTo(Refusal.Code.EXPIRED);
    assertThat(find(id).owner()).isNull();
  }

  @Test
  void pull_onTheRealRules_assignsWithoutAnOffer() {
    Agent.Id bob = new Agent.Id("bob");
    say(bob, Agent.Presence.BUSY);
    write("mail", "u1", "3");
    write("phone", "u2", "1");

    Outcome taken =
        Desk.now(new QueuePull(store, service).take(WORKSPACE, bob, null)).orElseThrow();

    Conversation first = ((Outcome.Applied) taken).conversation();
    assertThat(first.contact().channel()).isEqualTo("phone");
    assertThat(first.owner().is(bob)).isTrue();
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void pulls_ofOneAgentAtOnce_takeOneConversationEach() {
    Agent.Id bob = new Agent.Id("bob");
    say(bob, Agent.Presence.BUSY);
    write("mail", "u1", "3");
    write("mail", "u2", "3");
    QueuePull pull = new QueuePull(store, service);

    List<Future<Optional<Outcome>>> takes =
        List.of(pull.take(WORKSPACE, bob, null), pull.take(WORKSPACE, bob, null));

    assertThat(takes)
        .extracting(take -> ((Outcome.Applied) Desk.now(take).orElseThrow()).conversation().id())
        .doesNotHaveDuplicates();
    assertThat(waiting()).isZero();
  }
}
