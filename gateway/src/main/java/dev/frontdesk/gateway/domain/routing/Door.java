// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Steps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which groups of agents may have the conversations of one bucket after which wait: a look at each
 * group, however many agents or conversations there are. Groups may come to be empty while it
 * lives.
 *
 * <ol>
 *   <li>A step is in force for its time, and passed over while nobody whom it admits is there; that
 *       of supervisors also while those who are there turned it down.
 *   <li>Within the language wait only those who speak the language, while one of them is there.
 *   <li>A group that gets the queue later gets what has waited that long in it.
 * </ol>
 */
final class Door {

  private final Bucket bucket;
  private final Access access;
  private final Steps steps;

  /** Groups by step; the last list is for when all are over and holds every group. */
  private final List<List<SeatGroup>> levels;

  private final boolean delays;
  private final boolean reserved;
  private final boolean open;
  private final Comparator<Agent> byMatch;

  Door(Bucket bucket, Access access, Collection<SeatGroup> groups) {
    this.bucket = bucket;
    this.access = access;
    this.steps = access.steps(bucket);
    List<SeatGroup> all = groups.stream().filter(g -> bucket.admits(g.example())).toList();
    this.levels = new ArrayList<>(steps.size() + 1);
    for (Steps.Step step : steps.steps()) {
      levels.add(all.stream().filter(g -> g.example().has(step.skills())).toList());
    }
    levels.add(all);
    this.delays = all.stream().anyMatch(group -> delayMillis(group) > 0);
    this.reserved = bucket.isReserved();
    this.open = !delays && access.isOpen(bucket);
    this.byMatch = AgentSelection.byMatch(wanted());
  }

  /** Every skill that is asked for at some time: who has more of them is the better match. */
  private Set<String> wanted() {
    Set<String> wanted = new TreeSet<>(bucket.skills().keySet());
    steps.steps().forEach(step -> wanted.addAll(step.skills().keySet()));
    return wanted;
  }

  /** Groups of which somebody may have them at some time. */
  List<SeatGroup> widest() {
    return levels.get(steps.size());
  }

  /** Whether all of {@link #widest} may have them from the beginning. */
  boolean isOpen() {
    return open;
  }

  /** The order of agents for one of its conversations; those of one group are equal. */
  Comparator<Agent> fit(Waiting waiting) {
    return AgentSelection.fit(waiting, byMatch, access.languageFirst());
  }

  /** Groups of which somebody may have this one now, when there is room. */
  List<SeatGroup> circle(Waiting waiting, Instant now) {
    if (isOpen()) {
      return widest();
    }
    List<SeatGroup> level = levels.get(step(waiting, now));
    boolean speakers = isForSpeakers(waiting, level, now);
    if (!delays && !speakers) {
      return level;
    }
    long waited = waiting.waitedMillis(now);
    List<SeatGroup> circle = new ArrayList<>(level.size());
    for (SeatGroup group : level) {
      if (waited >= delayMillis(group) && (!speakers || speaks(group, waiting))) {
        circle.add(group);
      }
    }
    return circle;
  }

  /** The step in force, {@code steps.size()} when all are over or nobody is there for them. */
  private int step(Waiting waiting, Instant now) {
    int step = steps.isEmpty() ? 0 : steps.at(waiting.waitedMillis(now));
    while (step < steps.size() && isPassedOver(levels.get(step), waiting, now)) {
      step++;
    }
    return step;
  }

  private boolean isPassedOver(List<SeatGroup> level, Waiting waiting, Instant now) {
    if (reserved && !waiting.declined().isEmpty()) {
      return level.stream().noneMatch(group -> group.isPresentFor(waiting, now));
    }
    return level.stream().noneMatch(SeatGroup::isPresent);
  }

  /** Whether it is kept for those who speak its language. */
  boolean isForSpeakers(Waiting waiting, Instant now) {
    return isForSpeakers(waiting, levels.get(step(waiting, now)), now);
  }

  private boolean isForSpeakers(Waiting waiting, List<SeatGroup> level, Instant now) {
    return waiting.language() != null
        && waiting.waitedMillis(now) < access.languageWait().toMillis()
        && level.stream().anyMatch(group -> group.isPresent() && speaks(group, waiting));
  }

  private static boolean speaks(SeatGroup group, Waiting waiting) {
    return AgentSelection.speaks(group.example(), waiting.language());
  }

  private long delayMillis(SeatGroup group) {
    return group.example().delays().getOrDefault(bucket.queue(), Duration.ZERO).toMillis();
  }

  /** The next moment at which time alone lets somebody else have it, or null. */
  @Nullable Instant opensAt(Waiting waiting, Instant now) {
    long waited = waiting.waitedMillis(now);
    long next = Steps.NEVER_ENDS;
    if (waiting.preferred() != null) {
      next = later(waited, access.kept(waiting).toMillis(), next);
    }
    if (waiting.language() != null) {
      next = later(waited, access.languageWait().toMillis(), next);
    }
    int step = step(waiting, now);
    if (step < steps.size()) {
      next = later(waited, steps.endMillis(step), next);
    }
    if (delays) {
      for (SeatGroup group : widest()) {
        next = later(waited, delayMillis(group), next);
      }
    }
    return next == Steps.NEVER_ENDS ? null : waiting.entered().plusMillis(next);
  }

  private static long later(long waited, long at, long next) {
    return at > waited ? Math.min(at, next) : next;
  }

  /** What the record of a decision says about the step in force, or null without steps. */
  @Nullable String told(Waiting waiting, Agent chosen, boolean kept, Instant now) {
    if (kept) {
      return (waiting.chosen() ? "preferred agent " : "last agent ") + chosen.id();
    }
    if (steps.isEmpty()) {
      return isForSpeakers(waiting, now) ? "language " + waiting.language() : null;
    }
    int step = step(waiting, now);
    if (reserved) {
      return step == 0 ? "supervisors" : "anybody, no supervisor is there";
    }
    if (step == steps.size()) {
      return "anybody, after " + step + (step == 1 ? " step" : " steps");
    }
    StringBuilder skills = new StringBuilder();
    new TreeMap<>(steps.steps().get(step).skills())
        .forEach((s, l) -> skills.append(' ').append(s).append(':').append(l));
    return (step + 1) + " of " + steps.size() + (skills.length() == 0 ? "" : ":" + skills);
  }
}
