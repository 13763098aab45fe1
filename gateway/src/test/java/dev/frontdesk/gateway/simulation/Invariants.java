// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.agent.AgentRow;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Board;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Notice;
import dev.frontdesk.gateway.domain.OfferTerms;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Pointer;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the rows of the store must say at any moment, given the states of all conversations. */
final class Invariants {

  private final World world;
  private final RedisKeys keys;

  Invariants(World world) {
    this.world = world;
    this.keys = world.workspace.keys();
  }

  void check() {
    world.check();
    load();
    queues();
    board();
    timers();
    places();
    bots();
    verdicts();
  }

  private Iterable<Conversation> all() {
    return world.journal.states.values();
  }

  /** The sum of an agent's load is what its conversations cost, one by one. */
  private void load() {
    Map<Agent.Id, Map<String, String>> expected = new HashMap<>();
    Map<Agent.Id, Integer> grown = new HashMap<>();
    int inactive = world.workspace.terms().occupancy().inactiveCost();
    boolean grows = world.workspace.terms().occupancy().inactiveAfter() != null;
    for (Conversation c : all()) {
      boolean held =
          c.stage() == Stage.OFFERED || c.stage() == Stage.ASSIGNED || c.stage() == Stage.PAUSED;
      boolean wrapping = c.armed().containsKey(Timer.Kind.WRAP_UP);
      Check.same(c.load() != null, held || wrapping, "load of " + c.id());
      Check.that(
          c.hands().rivals().size() < world.workspace.terms().offers().offerTo(),
          "offered to too many",
          c);
      if (c.load() != null) {
        int most = grows ? Math.max(0, c.load().active() - inactive) : 0;
        grown.merge(c.load().agent(), most, Integer::sum);
      }
      for (Conversation.Load load : c.loads()) {
        expected
            .computeIfAbsent(load.agent(), agent -> new TreeMap<>())
            .put(c.id().value(), Integer.toString(load.cost()));
      }
    }
    for (Agent agent : world.workspace.agents().values()) {
      Map<String, String> charged = hash(keys.agentLoad(agent.id()));
      Check.same(
          new TreeMap<>(charged),
          expected.getOrDefault(agent.id(), Map.of()),
          "charges of " + agent.id());
      int sum = charged.values().stream().mapToInt(Integer::parseInt).sum();
      Check.same(AgentRow.of(hash(keys.agent(agent.id()))).load(), sum, "load of " + agent.id());
      // only a customer who writes again may put an agent over its capacity
      int most = agent.capacity() + grown.getOrDefault(agent.id(), 0);
      Check.that(sum <= most, "over capacity", agent);
    }
  }

  /** A waiting conversation stands in exactly its lane, no other anywhere. */
  private void queues() {
    Map<String, Set<String>> lanes = new HashMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    Set<String> waiting = new TreeSet<>();
    for (Conversation c : all()) {
      if (c.stage() == Stage.WAITING) {
        boolean late = isLate(c);
        String bucket = bucket(c).id();
        lanes
            .computeIfAbsent(keys.bucket(bucket, late).name(), k -> new HashSet<>())
            .add(c.id().value());
        counts.merge(bucket, 1, Integer::sum);
        waiting.add(c.id().value());
      }
    }
    Map<String, String> stored = hash(keys.buckets());
    stored.forEach(
        (bucket, count) -> {
          Check.same(Integer.valueOf(count), counts.getOrDefault(bucket, 0), "count of " + bucket);
          for (boolean late : new boolean[] {false, true}) {
            Key lane = keys.bucket(bucket, late);
            Check.same(members(lane), lanes.getOrDefault(lane.name(), Set.of()), lane.name());
          }
        });
    Check.that(stored.keySet().containsAll(counts.keySet()), "bucket missing", counts);
    Check.same(new TreeSet<>(hash(keys.queueRows()).keySet()), waiting, "queue rows");
  }

  /** By the clock of the answer that is due; where none runs, by the timer in its place. */
  private static boolean isLate(Conversation c) {
    ResponseClock first = c.clock();
    ResponseClock next = c.laterClocks().get(ClockKind.NEXT_RESPONSE);
    ResponseClock clock = first != null && first.isOpen() ? first : next;
    boolean waits = c.armed().containsKey(Timer.Kind.LATE);
    if (clock == null || !clock.isOpen() || clock.state() == ResponseClock.State.PAUSED) {
      return !waits;
    }
    Check.that(!waits, "a timer beside a clock", c);
    return clock.state() == ResponseClock.State.BREACHED;
  }

  /** What is reserved for supervisors asks for nothing step by step. */
  private static Bucket bucket(Conversation c) {
    Map<String, Integer> skills = new HashMap<>(c.triage().skills());
    boolean reserved = c.armed().containsKey(Timer.Kind.RETURN);
    if (reserved) {
      skills.put(OfferTerms.SUPERVISOR, 1);
    }
    return new Bucket(
        c.triage().queue(),
        c.triage().promise(),
        skills,
        reserved ? Steps.NONE : c.triage().aim().steps());
  }

  /** What the wallboard counts. */
  private void board() {
    Map<String, Set<String>> waiting = new HashMap<>();
    Map<String, Long> gauges = new TreeMap<>();
    for (Conversation c : all()) {
      Board.row(c)
          .ifPresent(
              row -> {
                String name = row.queue() + "|" + row.promise();
                waiting.computeIfAbsent(name, k -> new HashSet<>()).add(c.id().value());
                gauges.merge(row.queue() + "|waiting", 1L, Long::sum);
                gauges.merge(name + "|atRisk", row.atRisk() ? 1L : 0L, Long::sum);
                gauges.merge(name + "|breached", row.breached() ? 1L : 0L, Long::sum);
              });
    }
    gauges.put("conversations", (long) world.journal.states.size());
    Map<String, String> stored = hash(keys.gauges());
    stored.forEach(
        (name, value) -> {
          Check.that(!value.startsWith("-"), "negative gauge " + name, value);
          if (!name.startsWith("deadLetters") && !name.equals("customers")) {
            Check.same(Long.valueOf(value), gauges.getOrDefault(name, 0L), "gauge " + name);
          }
        });
    gauges.forEach(
        (name, value) -> Check.that(value == 0 || stored.containsKey(name), "gauge missing", name));
    Check.same(
        Integer.valueOf(stored.getOrDefault("deadLetters", "0")),
        hash(keys.deadLetters()).size(),
        "dead letters");
    for (String queue : world.workspace.config().queues().keySet()) {
      for (String promise : world.workspace.config().promises().keySet()) {
        Check.same(
            members(keys.waiting(queue, promise)),
            waiting.getOrDefault(queue + "|" + promise, Set.of()),
            "board of " + queue + "|" + promise);
      }
    }
  }

  /** Timers in the store are those that are armed, of conversations and of agents. */
  private void timers() {
    Set<String> expected = new TreeSet<>();
    for (Conversation c : all()) {
      c.armed()
          .forEach(
              (kind, armed) ->
                  expected.add(new Timer(kind, c.id().value(), armed.generation()).member()));
    }
    Set<String> stored = new TreeSet<>();
    Set<String> ofAgents = new TreeSet<>();
    for (String member : members(keys.timers())) {
      Timer timer = Timer.parse(member);
      if (timer.kind() == Timer.Kind.NOTICE) {
        Check.that(
            world.journal.notices.containsKey(Notice.of(timer)), "a notice of nobody", timer);
      } else if (timer.kind().subject() != Timer.Subject.CUSTOMER
          && timer.kind().subject() != Timer.Subject.ORPHAN) {
        boolean agent = timer.kind().subject() == Timer.Subject.AGENT;
        (agent ? ofAgents : stored).add(member);
      }
    }
    Check.same(stored, expected, "timers");
    for (Agent.Id agent : world.workspace.agents().keySet()) {
      var lease = AgentRow.of(hash(keys.agent(agent))).lease();
      Timer term = new Timer(Timer.Kind.PRESENCE, agent.value(), lease.generation());
      if (lease.presence() != Agent.Presence.OFFLINE) {
        Check.that(ofAgents.contains(term.member()), "no timer ends the lease of " + agent, lease);
      }
    }
  }

  /** Pointers, outbox and index. */
  private void places() {
    Set<String> sending = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (Conversation c : all()) {
      if (!c.outbox().isEmpty()) {
        sending.add(c.id().value());
      }
      Pointer place = keys.pointer(c.contact());
      String pointer =
          Now.of(
              place.field() == null
                  ? world.store.get(place.key())
                  : world.store.hashGet(place.key(), place.field()));
      if (c.stage() == Stage.CLOSED) {
        Check.that(!c.id().value().equals(pointer), "pointer to a closed one", c);
      } else {
        Check.same(pointer, c.id().value(), "pointer of " + c.contact());
        Check.that(open.add(c.contact().digest()), "two open conversations", c.contact());
      }
    }
    Check.same(members(keys.outbox()), sending, "outbox");
    Check.same(members(keys.index()), world.journal.states.keySet(), "index");
  }

  private void bots() {
    for (String bot : Desk.BOTS) {
      Map<String, String> owned = new TreeMap<>();
      for (Conversation c : all()) {
        if (c.stage() == Stage.BOT && c.owner() != null && c.owner().id().equals(bot)) {
          owned.put(c.id().value(), Long.toString(c.epoch()));
        }
      }
      Check.same(new TreeMap<>(hash(keys.botOwned(bot))), owned, "owned by " + bot);
    }
  }

  /** The hourly counts are the verdicts of the states. */
  private void verdicts() {
    Map<String, Integer> sums = new HashMap<>();
    long first = World.START.getEpochSecond() / 3_600;
    long last = world.time.now().getEpochSecond() / 3_600;
    for (long hour = first; hour <= last; hour++) {
      hash(keys.verdicts(hour))
          .forEach(
              (field, count) -> {
                boolean later =
                    Stream.of(ClockKind.values()).anyMatch(k -> field.startsWith(k.label() + "|"));
                if (later && field.matches(".*\\|(met|breached|void)")) {
                  sums.merge("later", Integer.parseInt(count), Integer::sum);
                }
                if (field.startsWith("promise|")) {
                  sums.merge(
                      field.substring(field.lastIndexOf('|') + 1),
                      Integer.parseInt(count),
                      Integer::sum);
                }
              });
    }
    Journal.Verdicts seen = world.journal.verdicts;
    int running = 0;
    for (Conversation c : all()) {
      ResponseClock clock = c.clock();
      boolean undecided =
          clock != null
              && (clock.state() == ResponseClock.State.RUNNING
                  || clock.state() == ResponseClock.State.PAUSED);
      running += undecided ? 1 : 0;
    }
    Check.same(sums.getOrDefault("later", 0), seen.later, "verdicts of later clocks");
    Check.same(sums.getOrDefault("started", 0), seen.started, "spells started");
    Check.same(sums.getOrDefault("met", 0), seen.met, "met");
    Check.same(sums.getOrDefault("breached", 0), seen.breached, "breached");
    Check.same(sums.getOrDefault("void", 0), seen.voided, "void");
    Check.same(seen.started - seen.given(), running, "running spells");
  }

  private Map<String, String> hash(Key key) {
    return Now.of(world.store.hashAll(key));
  }

  private Set<String> members(Key key) {
    Set<String> members = new HashSet<>();
    for (Scored row : Now.of(world.store.sorted(key, 0, -1))) {
      members.add(row.member());
    }
    return members;
  }
}
