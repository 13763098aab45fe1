// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What goes wrong in one simulation: which kinds, and how often, is the seed's choice. */
final class Faults implements CommitFaults {

  /** Kinds of trouble; a seed has each with a chance of one half, one seed in eight has none. */
  enum Kind {
    /** Commits whose answer is lost, applied or not. */
    LOST_ANSWERS,
    CONFLICTS,
    /** Commits answered as stale or, for intake, as full. */
    REFUSALS,
    /** Seconds in which no commit is written, or no answer comes. */
    OUTAGES,
    /** A commit one of whose writes cannot be done: nothing of it may be written. */
    BROKEN_WRITES,
    LOST_WAKE_UPS,
    DUPLICATES,
    REORDERING,
    SLOW_PLATFORMS,
    VANISHING_AGENTS,
    NODE_STOPS,
    CLOCK_LAG
  }

  private final World world;
  private final Key noList;
  private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
  private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
  private final double share;
  private Instant outageUntil = Instant.MIN;
  private Fault outage = Fault.NONE;
  private boolean over;
  private int broken;

  Faults(World world) {
    this.world = world;
    this.noList = world.workspace.keys().operation("no-list");
    Now.of(
        world.store.commit(
            Commit.of(world.workspace.id(), world.time.now(), Commit.Urgency.RELEASING)
                .write(new Write.Set(noList, "text", 0))
                .build()));
    this.share = 0.01 + world.random.nextDouble() * 0.1;
    for (Kind kind : Kind.values()) {
      boolean has = world.random.nextBoolean();
      if (has && world.seed % 8 != 0) {
        kinds.add(kind);
      }
    }
  }

  boolean has(Kind kind) {
    return !over && kinds.contains(kind);
  }

  Set<Kind> kinds() {
    return kinds;
  }

  /** How many commits went wrong. */
  int injected() {
    return injected.values().stream().mapToInt(Integer::intValue).sum() + broken;
  }

  /** No trouble any more: what is open must come to an end now. */
  void end() {
    over = true;
  }

  /** Some seconds in which the store does not answer, or is down. */
  void outage(Duration length) {
    outageUntil = world.time.now().plus(length);
    outage =
        world.oneOf(List.of(Fault.UNAVAILABLE, Fault.UNKNOWN_APPLIED, Fault.UNKNOWN_NOT_APPLIED));
    world.trail.add("store", outage + " until " + outageUntil);
  }

  @Override
  public Fault at(long number, Commit commit) {
    Fault fault = over ? Fault.NONE : pick();
    if (fault != Fault.NONE) {
      injected.merge(fault, 1, Integer::sum);
      world.trail.add("store", fault + " #" + number);
    }
    return fault;
  }

  private Fault pick() {
    if (has(Kind.OUTAGES) && world.time.now().isBefore(outageUntil)) {
      return outage;
    }
    if (!world.chance(share)) {
      return Fault.NONE;
    }
    Kind kind =
        world.oneOf(List.of(Kind.LOST_ANSWERS, Kind.LOST_ANSWERS, Kind.CONFLICTS, Kind.REFUSALS));
    if (!has(kind)) {
      return Fault.NONE;
    }
    return switch (kind) {
      case LOST_ANSWERS ->
          world.random.nextBoolean() ? Fault.UNKNOWN_APPLIED : Fault.UNKNOWN_NOT_APPLIED;
      case CONFLICTS -> Fault.CONFLICT;
      default -> world.random.nextBoolean() ? Fault.STALE : Fault.FULL;
    };
  }

  /** The commit, or the same with one write among the others that the store cannot do. */
  Commit maybeBroken(Commit commit) {
    if (!has(Kind.BROKEN_WRITES) || !world.chance(share / 2)) {
      return commit;
    }
    broken++;
    world.trail.add("store", "a write that cannot be done");
    List<Write> writes = new ArrayList<>(commit.writes());
    writes.add(
        world.random.nextInt(writes.size() + 1), new Write.Push(noList, "what cannot be done"));
    return new Commit(
        commit.workspace(),
        commit.now(),
        commit.urgency(),
        commit.guards(),
        writes,
        commit.wakeUps());
  }
}
