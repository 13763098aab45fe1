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
import dev.frontdesk.gateway.agent.AgentPresence;
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
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.timer.TimerRoom;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits for whom and how long, on the real rules, router and timers, in virtual time. */
class RelaxationTest {

  private static final Agent.Id ALICE = new Agent.Id("alice");
  private static final Agent.Id BOB = new Agent.Id("bob");
  private static final Agent.Id CAROL = new Agent.Id("carol");

  /** What a connector of this test asks for. */
  record NoSettings() {}

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-11-21T00:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(time);
  private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry());
  private final ConversationService service =
      new ConversationService(store, new JsonCodec(), time, new Random(1), metrics, 10_000);
  private final Executor home = task -> time.after(Duration.ZERO, task);
  private final AgentPresence presence =
      new AgentPresence(
          store, service, () -> time.now().toEpochMilli() * 1_000_000, new PollTurns(10_000));
  private int offers;
  private String alice = "agent";
  private @Nullable Workspace workspace;

  /** Opens a desk: alice an expert of refunds, bob, carol, and these lines of configuration. */
  private void open(String queues, String routing, String triage) {
    String yaml =
        """
        workspaces:
          acme:
            channels: { chat: { connector: webchat, cost: 2 } }
            promises: { p: { firstResponse: 10m } }
            defaults: { queue: support, promise: p }
            triage: [ TRIAGE ]
            queues: { QUEUES }
            routing: { ROUTING }
            agents:
              alice: { token: aaaaaaaaaaaaaaaaaaaaaaaa, queues: [support, backup], capacity: 6, skills: { refunds: 5 }, languages: [zh], role: ROLE }
              bob: { token: bbbbbbbbbbbbbbbbbbbbbbbb, queues: [support, backup], capacity: 6, skills: { refunds: 2 }, languages: [en] }
              carol: { token: cccccccccccccccccccccccc, queues: [support, backup], capacity: 6 }
        """
            .replace("ROLE", alice)
            .replace("QUEUES", queues)
            .replace("ROUTING", routing)
            .replace("TRIAGE", triage);
    var config =
        new ConfigLoader(Map.of(), name -> NoSettings.class, RuleCheck.none()).parse(yaml).config();
    workspace =
        new WorkspaceFactory(name -> ChannelFamily.WEBCHAT, new Conditions(), id -> {})
            .workspaces(config)
            .get("acme");
    new Router(this::workspace, store, time, home, service, () -> "offer" + ++offers, metrics)
        .start();
    new TimerRoom(
            this::workspace,
            store,
            time,
            Map.of(
                Timer.Subject.AGENT,
                presence::fired,
                Timer.Subject.CONVERSATION,
                (in, timer) ->
                    service
                        .apply(
                            in,
                            new Conversation.Id(timer.subject()),
                            new ConversationEvent.Fired(timer),
                            null)
                        .mapEmpty()),
            metrics)
        .start();
  }

  private Workspace workspace() {
    return java.util.Objects.requireNonNull(workspace);
  }

  private Conversation.Id write(String contact, String text) {
    Future<?> stored = written(contact, text);
    Desk.now(stored);
    return Desk.now(
            service.receive(
                workspace(),
                new ContactKey("chat", contact, null),
                List.of(message(contact, text))))
        .get(0)
        .conversation();
  }

  private Future<?> written(String contact, String text) {
    return service.receive(
        workspace(), new ContactKey("chat", contact, null), List.of(message(contact, text)));
  }

  private InboundEvent.Received message(String contact, String text) {
    return InboundEvent.Received.of(
        "m-" + contact + text,
        new ContactRef(contact, null, null),
        time.now(),
        new MessageContent.Text(text));
  }

  private Conversation find(Conversation.Id id) {
    return Desk.now(service.find(workspace(), id)).conversation();
  }

  private Outcome apply(Conversation.Id id, ConversationEvent event) {
    return Desk.now(service.apply(workspace(), id, event, null));
  }

  private void comes(Agent.Id agent) {
    Desk.now(presence.say(workspace(), agent, Agent.Presence.AVAILABLE));
  }

  private void goes(Agent.Id agent) {
    Desk.now(presence.say(workspace(), agent, Agent.Presence.OFFLINE));
  }

  private void pass(long millis) {
    time.advance(Duration.ofMillis(millis));
    Desk.now(presence.renew(workspace(), ALICE));
    Desk.now(presence.renew(workspace(), BOB));
  }

  private void accept(Conversation.Id id, Agent.Id agent) {
    apply(id, new ConversationEvent.Accept(agent, find(id).offer().id()));
  }

  private @Nullable String offeredTo(Conversation.Id id) {
    Conversation.Offer offer = find(id).offer();
    return offer == null ? null : offer.agent().value();
  }

  private String load(Agent.Id agent) {
    return Desk.now(store.hashGet(workspace().keys().agent(agent), "load"));
  }

  private String history(Conversation.Id id) {
    return String.join(" ", Desk.now(store.list(workspace().keys().history(id), 0, -1)));
  }

  @Test
  void scenario14_expertsFirst_relaxedAtTheMillisecond_timeInOffersIncluded() {
    open(
        "support: { steps: [ { skills: { refunds: 4 }, lasts: 30s }, { skills: { refunds: 2 } } ] },"
            + " backup: {}",
        "offerTimeout: 20s",
        "");
    comes(ALICE);
    comes(BOB);
    pass(10);
    Conversation.Id id = write("u1", "hello");
    Instant entered = time.now();
    pass(10);
    assertThat(offeredTo(id)).isEqualTo("alice");
    assertThat(history(id)).contains("1 of 2: refunds:4");

    pass(20_100);
    assertThat(find(id).stage())
        .as("declined by silence, an expert is there")
        .isEqualTo(Conversation.Stage.WAITING);
    pass(Duration.between(time.now(), entered).toMillis() + 29_995);
    assertThat(offeredTo(id)).isNull();
    pass(10);

    assertThat(offeredTo(id)).isEqualTo("bob");
    assertThat(history(id)).contains("2 of 2: refunds:2");
  }

  /** Bob accepts and says nothing; alice is the only supervisor. */
  private Conversation.Id returnedByBob() {
    alice = "supervisor";
    open(
        "support: {}, backup: {}",
        "offerTimeout: 20s, declineBackoff: 5m, returnAfter: 30s, returnHops: 1",
        "");
    comes(BOB);
    pass(10);
    Conversation.Id id = write("u1", "hello");
    pass(10);
    accept(id, BOB);
    return id;
  }

  @Test
  void reservation_ofASupervisorWhoIsAway_isPassedOver() {
    Conversation.Id id = returnedByBob();
    comes(CAROL);

    pass(30_100);

    assertThat(offeredTo(id)).isEqualTo("carol");
    assertThat(history(id)).contains("anybody, no supervisor is there");
  }

  @Test
  void reservation_ofASupervisorWhoDeclines_isPassedOverFromThenOn() {
    Conversation.Id id = returnedByBob();
    comes(CAROL);
    comes(ALICE);
    pass(30_100);
    assertThat(offeredTo(id)).isEqualTo("alice");

    apply(id, new ConversationEvent.Decline(ALICE, find(id).offer().id(), "lunch", null));
    pass(10);

    assertThat(offeredTo(id)).isEqualTo("carol");
  }

  @Test
  void steps_areSkippedAtOnce_whenTheExpertGoes() {
    open(
        "support: { steps: [ { skills: { refunds: 4 }, lasts: 10m } ] }, backup: {}",
        "offerTimeout: 20s",
        "");
    comes(BOB);
    comes(ALICE);
    pass(10);
    Desk.now(presence.say(workspace(), ALICE, Agent.Presence.AVAILABLE));
    Conversation.Id id = write("u1", "hello");
    pass(10);
    assertThat(offeredTo(id)).isEqualTo("alice");

    goes(ALICE);
    pass(10);

    assertThat(offeredTo(id)).isEqualTo("bob");
  }

  @Test
  void take_leavesWhatIsKeptForAnExpertWhoIsThere() {
    open(
        "support: { steps: [ { skills: { refunds: 9 }, lasts: 1s }, { skills: { refunds: 4 },"
            + " lasts: 30s } ] }, backup: {}",
        "offerTimeout: 20s",
        "");
    Conversation.Id id = write("u1", "hello");
    Desk.now(presence.say(workspace(), BOB, Agent.Presence.BUSY));
    comes(ALICE);
    QueuePull pull = new QueuePull(store, service);

    assertThat(Desk.now(pull.take(workspace(), BOB, null))).isEmpty();
    goes(ALICE);
    time.advance(Duration.ofSeconds(2));
    Desk.now(presence.say(workspace(), BOB, Agent.Presence.BUSY));

    assertThat(Desk.now(pull.take(workspace(), BOB, null))).isPresent();
    assertThat(find(id).owner().is(BOB)).isTrue();
  }

  @Test
  void lastAgent_getsTheReopenedOneAlone_thenEverybody() {
    open("support: {}, backup: {}", "lastAgent: 45s, offerTimeout: 20s", "");
    comes(BOB);
    Conversation.Id id = write("u1", "hello");
    pass(10);
    accept(id, BOB);
    long epoch = find(id).epoch();
    apply(id, new ConversationEvent.Resolve(Author.agent(BOB), epoch, null));
    Conversation.Id[] others = {write("u2", "a"), write("u3", "b"), write("u4", "c")};
    pass(10);
    for (Conversation.Id other : others) {
      accept(other, BOB);
    }
    comes(ALICE);
    Desk.now(written("u1", "again"));
    pass(44_900);
    assertThat(offeredTo(id)).as("bob is full but there").isNull();

    pass(200);

    assertThat(offeredTo(id)).isEqualTo("alice");
  }

  @Test
  void preferredAgentOfARule_isSkippedWhenNotThere() {
    open(
        "support: {}, backup: {}",
        "preferredAgent: 60s, offerTimeout: 20s",
        "{ when: 'message.text == \"vip\"', set: { agent: alice } }");
    comes(BOB);

    Conversation.Id id = write("u1", "vip");
    pass(10);

    assertThat(offeredTo(id)).isEqualTo("bob");
  }

  @Test
  void warmUp_offersOneAtOnce_thenOneMoreEachTime() {
    open("support: {}, backup: {}", "warmUp: { every: 90s }, offerTimeout: 10m", "");
    for (int i = 0; i < 5; i++) {
      write("u" + i, "hello");
    }
    comes(BOB);
    pass(100);
    assertThat(load(BOB)).isEqualTo("2");
    pass(45_000);
    assertThat(load(BOB)).isEqualTo("2");
    pass(44_890);
    assertThat(load(BOB)).isEqualTo("2");
    pass(20);
    assertThat(load(BOB)).as("one more, 90 s after signing in").isEqualTo("4");
    pass(60_000);
    pass(60_000);

    assertThat(load(BOB)).isEqualTo("6");
  }

  @Test
  void overflow_atItsLength_opensInTheOtherQueue_andRefusesWhenBothAreFull() {
    open(
        "support: { maxWaiting: 3, overflow: { queue: backup, length: 2 } }, backup: { maxWaiting: 1"
            + " }",
        "offerTimeout: 20s",
        "");

    List<String> queues =
        List.of("u1", "u2", "u3", "u4").stream()
            .map(contact -> find(write(contact, "hello")).triage().queue())
            .toList();

    assertThat(queues).containsExactly("support", "support", "backup", "support");
    assertThat(written("u5", "hello").failed()).as("503, the platform repeats").isTrue();
    assertThat(written("u1", "one more")).matches(Future::succeeded);
  }

  @Test
  void overflow_afterItsWait_isServedInTheOtherQueue() {
    open(
        "support: { steps: [ { skills: { refunds: 4 } } ], overflow: { queue: backup, after: 15s } },"
            + " backup: {}",
        "offerTimeout: 5s",
        "");
    comes(ALICE);
    comes(BOB);
    pass(10);
    Conversation.Id id = write("u1", "hello");
    pass(10);
    assertThat(offeredTo(id)).isEqualTo("alice");

    pass(15_500);

    assertThat(find(id).triage().queue()).isEqualTo("backup");
    assertThat(offeredTo(id)).isEqualTo("bob");
    assertThat(find(id).waitingSince()).isEqualTo(find(id).openedAt());
  }

  @Test
  void inactive_makesRoom_andTheCustomersMessageTakesItBack() {
    open("support: {}, backup: {}", "inactiveAfter: 60s, offerTimeout: 10m", "");
    comes(BOB);
    Conversation.Id id = write("u1", "hello");
    pass(10);
    accept(id, BOB);
    apply(
        id,
        new ConversationEvent.Reply(
            Author.agent(BOB), find(id).epoch(), List.of(new MessageContent.Text("hi")), null));
    for (int i = 2; i <= 4; i++) {
      write("u" + i, "hello");
    }
    pass(10);
    assertThat(load(BOB)).isEqualTo("6");
    pass(60_100);
    assertThat(load(BOB)).as("the inactive one costs nothing, the fourth fits").isEqualTo("6");

    Desk.now(written("u1", "again"));

    assertThat(load(BOB)).isEqualTo("8");
  }

  @Test
  void chatwoot10583_fourthChat_isNotStuckWhileTheFifthIsAssigned() {
    open("support: {}, backup: {}", "offerTimeout: 10m", "");
    comes(BOB);
    Conversation.Id[] chats = new Conversation.Id[6];
    for (int i = 1; i <= 4; i++) {
      chats[i] = write("u" + i, "hello");
      pass(10);
    }
    for (int i = 1; i <= 3; i++) {
      accept(chats[i], BOB);
    }
    assertThat(offeredTo(chats[4])).isNull();

    apply(chats[1], new ConversationEvent.Resolve(Author.agent(BOB), find(chats[1]).epoch(), null));
    chats[5] = write("u5", "hello");
    pass(10);

    assertThat(offeredTo(chats[4])).isEqualTo("bob");
    assertThat(offeredTo(chats[5])).isNull();
  }

  @Test
  void chatwoot_priorityPlaysAPartInTheOrder() {
    open(
        "support: {}, backup: {}",
        "policy: strict, offerTimeout: 10m",
        "{ when: 'message.text == \"now\"', set: { priority: 1 } }");
    for (int i = 1; i <= 3; i++) {
      write("u" + i, "hello");
    }
    Conversation.Id pressing = write("u4", "now");
    comes(BOB);
    pass(10);

    assertThat(offeredTo(pressing)).isEqualTo("bob");
  }

  @Test
  void libredesk_countingAndClaimingCapacity_areOneStep() {
    open("support: {}, backup: {}", "offerTimeout: 10m", "");
    Conversation.Id one = write("u1", "hello");
    Conversation.Id two = write("u2", "hello");
    Desk.now(presence.say(workspace(), BOB, Agent.Presence.BUSY));
    ConversationEvent claim =
        new ConversationEvent.Assign(
            new ConversationEvent.AgentFence(BOB, 1, 3),
            2,
            Author.agent(BOB),
            new ConversationEvent.Explanation("take", List.of(), 0),
            false);

    assertThat(apply(one, claim)).isInstanceOf(Outcome.Applied.class);
    Outcome second = apply(two, claim);

    assertThat(((Outcome.Refused) second).refusal().code()).isEqualTo(Refusal.Code.NO_CAPACITY);
    assertThat(load(BOB)).isEqualTo("2");
  }
}
