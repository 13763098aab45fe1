// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One seed from beginning to end: events and faults by dice, invariants after each, then no trouble
 * any more and diligent agents, until everything is settled and the ledger must balance.
 */
final class Simulation {

  private static final int CHECK_EVERY = 8;
  private static final Duration SETTLING = Duration.ofMinutes(3);

  final World world;
  final Map<String, Platform> platforms = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private final Customers customers;
  private final Replies replies;
  private final List<AgentActor> agents = new ArrayList<>();
  private final Supervisor supervisor;
  private final Operator operator;
  private final Invariants invariants;
  private final Channels channels = new Channels();

  Simulation(long seed, GatewayMetrics metrics) {
    this.world = new World(seed, metrics);
    this.customers = new Customers(world, ledger);
    this.replies = new Replies(world, ledger);
    this.supervisor = new Supervisor(world);
    this.operator = new Operator(world);
    this.invariants = new Invariants(world);
    connect();
    world.nodes.add(new Node(world, world.name("node"), channels));
    world.nodes.add(new Node(world, world.name("node"), channels));
    for (Agent.Id agent : Desk.agents()) {
      agents.add(new AgentActor(world, replies, agent));
    }
    agents.forEach(AgentActor::start);
    operator.begin();
    Desk.BOTS.forEach(bot -> new BotActor(world, replies, bot).start());
  }

  private void connect() {
    Map<String, Channels.Channel> all = new LinkedHashMap<>();
    for (String name : Desk.CHANNELS) {
      Platform platform = new Platform(world, name, name.equals("social") || name.equals("chat"));
      platform.receipts(event -> customers.report(name, event));
      platforms.put(name, platform);
      all.put(
          name,
          new Channels.Channel(
              world.workspace.id(),
              name,
              name,
              ChannelFamily.GENERIC,
              platform,
              Future::succeededFuture));
    }
    channels.replace(Map.of(world.workspace.id(), all));
  }

  /** Runs {@code events} events and settles; throws with the newest events of the trail. */
  Simulation run(int events) {
    try {
      disturb(events);
      settle();
      return this;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed "
              + world.seed
              + ", faults "
              + world.faults.kinds()
              + ": "
              + e.getMessage()
              + "\nthe newest events:\n"
              + world.trail,
          e);
    }
  }

  /** Events by dice, with the invariants of the seed in force. */
  Simulation disturb(int events) {
    for (int i = 0; i < events; i++) {
      event();
      world.time.advance(pause());
      world.check();
      if (i % CHECK_EVERY == 0) {
        invariants.check();
      }
    }
    return this;
  }

  private Duration pause() {
    int dice = world.random.nextInt(100);
    return dice < 40
        ? Duration.ZERO
        : dice < 85 ? world.between(1, 900) : world.between(900, dice < 98 ? 4_000 : 20_000);
  }

  private void event() {
    int dice = world.random.nextInt(100);
    if (dice < 55) {
      customers.write();
    } else if (dice < 65) {
      customers.change();
    } else if (dice < 70) {
      customers.writeAndCorrect();
    } else if (dice < 75) {
      customers.signal();
    } else if (dice < 80) {
      customers.again();
    } else if (dice < 84) {
      if (dice == 83) {
        operator.link();
      } else {
        supervisor.promise();
      }
    } else if (dice < 86) {
      supervisor.assign();
    } else if (dice < 87) {
      if (world.chance(0.2)) {
        operator.forget();
      } else {
        supervisor.acknowledge();
      }
    } else if (dice < 90) {
      world.oneOf(agents).take();
    } else if (dice < 92) {
      world.oneOf(agents).changePresence();
    } else {
      trouble(dice);
    }
  }

  private void trouble(int dice) {
    if (dice < 94 && world.faults.has(Faults.Kind.VANISHING_AGENTS)) {
      world.oneOf(agents).vanish(world.between(5_000, 150_000));
    } else if (dice < 96 && world.faults.has(Faults.Kind.OUTAGES)) {
      world.faults.outage(world.between(200, 4_000));
    } else if (dice == 96 && world.faults.has(Faults.Kind.NODE_STOPS)) {
      restart();
    }
  }

  /** A node dies; another one, with nothing in its memory, takes its place. */
  private void restart() {
    int index = world.random.nextInt(world.nodes.size());
    world.nodes.get(index).kill();
    world.nodes.set(index, new Node(world, world.name("node"), channels));
  }

  private void settle() {
    world.faults.end();
    agents.forEach(AgentActor::beDiligent);
    for (int i = 0; i < 12; i++) {
      world.time.advance(SETTLING.dividedBy(12));
      invariants.check();
    }
    Check.same(customers.open, 0, "deliveries not acknowledged");
    Check.same(replies.open, 0, "replies without an outcome");
    Map<String, List<Message>> messages = world.journal.messages();
    ledger.balance(messages, world.journal.notices);
    settled();
    operator.check();
    agents.forEach(this::holdsWhatItThinks);
    messages.forEach(this::delivered);
  }

  /**
   * Everybody is there; nobody waits though agents have room, nothing is left to send, no timer is
   * overdue.
   */
  private void settled() {
    for (Agent.Id agent : Desk.agents()) {
      AgentRow row = AgentRow.of(Now.of(world.store.hashAll(world.workspace.keys().agent(agent))));
      Check.that(
          row.lease().takesOffers(world.time.now()), agent + " was to be available", row.lease());
    }
    for (Conversation c : world.journal.states.values()) {
      Check.that(c.outbox().isEmpty(), "never sent", c);
      Check.that(
          c.stage() != Conversation.Stage.WAITING && c.stage() != Conversation.Stage.OFFERED,
          "waits while agents have room",
          c);
      c.armed()
          .forEach(
              (kind, armed) ->
                  Check.that(
                      armed.due().isAfter(world.time.now().minusSeconds(12)),
                      kind + " did not fire",
                      c));
    }
  }

  private void holdsWhatItThinks(AgentActor agent) {
    Set<String> held = new TreeSet<>();
    for (Conversation c : world.journal.states.values()) {
      boolean offered = c.offerTo(agent.id) != null;
      if (offered || (c.owner() != null && c.owner().is(agent.id))) {
        held.add(c.id().value());
      }
    }
    Check.same(agent.holds(), held, "what the inbox of " + agent.id + " tells");
  }

  /** What we call accepted the platform took, and what it took we do not call failed. */
  private void delivered(String id, List<Message> all) {
    for (Message message : all) {
      if (message.direction() == Message.Direction.OUTBOUND && message.delivery() != null) {
        boolean taken =
            platforms.values().stream()
                .anyMatch(p -> p.taken.containsKey(id + "." + message.seq()));
        switch (message.delivery()) {
          case ACCEPTED, DELIVERED, READ -> Check.that(taken, "accepted but never taken", message);
          case PENDING, SENDING ->
              Check.that(world.journal.cutShort.contains(id), "never sent", message);
          default -> {}
        }
      }
    }
  }

  int accepted() {
    return ledger.accepted();
  }
}
