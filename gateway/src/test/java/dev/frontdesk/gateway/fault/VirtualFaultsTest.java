// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.routing.QueuePull;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rows about days and about single milliseconds: the real service and rules in virtual time. */
class VirtualFaultsTest {

  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Agent.Id ALICE = new Agent.Id("alice");
  private static final JsonCodec CODEC = new JsonCodec();
  private static final Workspace WORKSPACE = workspace();
  private static final GatewayMetrics METRICS = new GatewayMetrics(new SimpleMeterRegistry());

  private static Workspace workspace() {
    var config =
        new ConfigLoader(Map.of(), ConnectorCatalog.ofClassPath(), RuleCheck.none())
            .parse(new DeskYaml().firstResponse("10m").in(Path.of("unused")))
            .config();
    return new WorkspaceFactory(name -> ChannelFamily.GENERIC, new Conditions(), id -> {})
        .workspaces(config)
        .get("acme");
  }

  private final VirtualTime time = new VirtualTime(START);
  private final InMemoryStore store = new InMemoryStore(time);
  private final ConversationService service =
      new ConversationService(store, CODEC, time, new Random(1), METRICS, 1_000);

  private static <T> T now(Future<T> future) {
    if (!future.succeeded()) {
      throw new AssertionError(future.cause());
    }
    return future.result();
  }

  private Received write(String id) {
    InboundEvent message =
        InboundEvent.Received.of(
            id, new ContactRef("u1", null, null), time.now(), new MessageContent.Text("hello"));
    return now(service.receive(WORKSPACE, new ContactKey("hook", "u1", null), List.of(message)))
        .get(0);
  }

  /** Dedupe keeps 8 days and looks at the last 9: within 7 d dropped, after more than 9 d new. */
  @Test
  void w02_redeliveryWithinSevenDays_isDropped_afterNineDaysItIsNew() {
    assertThat(write("w02").kind()).isEqualTo(Received.Kind.STORED);

    time.advanceTo(START.plus(Duration.ofDays(6)).plus(Duration.ofHours(23)));
    assertThat(write("w02").kind()).as("after 6 d 23 h").isEqualTo(Received.Kind.DUPLICATE);
    time.advanceTo(START.plus(Duration.ofDays(7)).plus(Duration.ofMinutes(1)));
    assertThat(write("w02").kind()).as("after 7 d").isEqualTo(Received.Kind.DUPLICATE);
    time.advanceTo(START.plus(Duration.ofDays(8)));
    assertThat(write("w02").kind()).as("after 8 d, as promised").isEqualTo(Received.Kind.DUPLICATE);
    time.advanceTo(START.plus(Duration.ofDays(9)).plus(Duration.ofHours(15)));

    assertThat(write("w02").kind()).as("after 9 d").isEqualTo(Received.Kind.STORED);
  }

  @Test
  void a14_replyRacingTheBreach_isMetOrBreached_neverBoth() {
    long met =
        LongStream.range(0, 10_000)
            .parallel()
            .filter(seed -> new VirtualFaultsTest().race(new Random(seed), seed).equals("met"))
            .count();
    System.getLogger("A-14")
        .log(System.Logger.Level.INFO, "seeds 0 to 9999: met {0}, breached {1}", met, 10_000 - met);
    assertThat(met).isBetween(5_000L, 8_000L);
  }

  private String race(Random random, long seed) {
    Conversation.Id id = java.util.Objects.requireNonNull(write("a14").conversation());
    now(
        new AgentPresence(store, service, () -> 0L, new PollTurns(10_000))
            .say(WORKSPACE, ALICE, Agent.Presence.AVAILABLE));
    assertThat(now(new QueuePull(store, service).take(WORKSPACE, ALICE, null))).isPresent();
    Conversation assigned = now(service.find(WORKSPACE, id)).conversation();
    Instant due = assigned.clock().dueAt();
    int reply = random.nextInt(3) - 1;
    int timer = random.nextInt(3) - 1;
    boolean timerFirst = timer < reply || (timer == reply && random.nextBoolean());
    if (timerFirst) {
      fire(assigned, due.plusMillis(timer));
    }
    time.advanceTo(due.plusMillis(reply));
    assertThat(
            now(
                service.apply(
                    WORKSPACE,
                    id,
                    new ConversationEvent.Reply(
                        Author.agent(ALICE),
                        assigned.epoch(),
                        List.of(new MessageContent.Text("here")),
                        null),
                    null)))
        .isInstanceOf(Outcome.Applied.class);
    if (!timerFirst) {
      fire(assigned, due.plusMillis(Math.max(timer, reply)));
    }
    time.advance(Duration.ofSeconds(1));
    fire(assigned, time.now());
    String expected = reply > 0 ? "breached" : "met";
    Map<String, String> counted =
        now(store.hashAll(WORKSPACE.keys().verdicts(due.getEpochSecond() / 3_600)));
    assertThat(counted.getOrDefault("promise|normal|met", "0"))
        .as("seed %d: met", seed)
        .isEqualTo(expected.equals("met") ? "1" : "0");
    assertThat(counted.getOrDefault("promise|normal|breached", "0"))
        .as("seed %d: breached", seed)
        .isEqualTo(expected.equals("met") ? "0" : "1");
    Conversation after = now(service.find(WORKSPACE, id)).conversation();
    assertThat(after.clock().state().name().toLowerCase(java.util.Locale.ROOT))
        .as("seed %d", seed)
        .isEqualTo(expected);
    return expected;
  }

  /** Fires the breach as it was armed, at this moment: once more after it went is harmless. */
  private void fire(Conversation armed, Instant at) {
    time.advanceTo(at);
    Timer breach =
        new Timer(
            Timer.Kind.BREACH,
            armed.id().value(),
            armed.armed().get(Timer.Kind.BREACH).generation());
    now(service.apply(WORKSPACE, armed.id(), new ConversationEvent.Fired(breach), null));
  }
}
