// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the most promises: earliest deadline first among those that can still be kept; the late
 * ones wait in a lane of their own with a reserved share of decisions, because serving them first
 * would make everybody late in an overload.
 *
 * <ol>
 *   <li>Only one lane has work: it gets every decision.
 *   <li>Both have: the late lane gets exactly its share, by counting, not by chance.
 *   <li>Past the hard bound of age the oldest one is next, for {@link #OLD_SHARE} of decisions at
 *       most (and the first of each bucket at once); decisions that pass it over are counted.
 * </ol>
 */
public final class KeepPromises implements RoutingPolicy {

  /** Most decisions that age may take from deadlines: 10 % (design §6). */
  static final double OLD_SHARE = 0.1;

  private static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparing(Waiting::due)
          .thenComparing(Waiting::priority)
          .thenComparing(Waiting::arrival)
          .thenComparing(w -> w.id().value());
  private static final Comparator<Waiting> BY_AGE =
      Comparator.comparing(Waiting::arrival).thenComparing(BY_DEADLINE);

  private final int lateShare;
  private final int oldShare = (int) (OLD_SHARE * DecisionMemory.WHOLE);
  private final Duration hardBound;

  /**
   * A policy with its two levers.
   *
   * @param lateShare 0…1 of decisions for the late lane while both lanes have work
   * @param hardBound age past which the oldest is picked next
   */
  public KeepPromises(double lateShare, Duration hardBound) {
    this.lateShare = (int) Math.round(lateShare * DecisionMemory.WHOLE);
    this.hardBound = hardBound;
  }

  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return RoutingPolicy.scoreOf(due, priority);
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    Waiting oldest = candidates.get(0);
    Waiting onTime = null;
    Waiting late = null;
    for (Waiting candidate : candidates) {
      oldest = first(BY_AGE, oldest, candidate);
      if (candidate.isLate(now)) {
        late = first(BY_DEADLINE, late, candidate);
      } else {
        onTime = first(BY_DEADLINE, onTime, candidate);
      }
    }
    if (!oldest.arrival().plus(hardBound).isBefore(now)) {
      Choice choice = byDeadline(onTime, late, memory);
      return save(choice, choice.picked().bucket().id());
    }
    return besideOld(oldest, onTime, late, memory);
  }

  /** A decision with a conversation past the hard bound in view. */
  private Choice besideOld(
      Waiting oldest, @Nullable Waiting onTime, @Nullable Waiting late, DecisionMemory memory) {
    String bucket = oldest.bucket().id();
    int owed = memory.old().getOrDefault(bucket, DecisionMemory.WHOLE);
    if (owed >= DecisionMemory.WHOLE) {
      int left = owed - DecisionMemory.WHOLE + oldShare;
      return new Choice(oldest, "keep-promises/hard-bound", memory.withOld(bucket, left));
    }
    Choice choice = save(byDeadline(onTime, late, memory), bucket);
    return choice.picked().equals(oldest)
        ? choice
        : new Choice(choice.picked(), choice.rule(), choice.memory().passing());
  }

  /** Each decision saves up the old ones' share for one bucket, a whole decision at most. */
  private Choice save(Choice choice, String bucket) {
    int owed = choice.memory().old().getOrDefault(bucket, DecisionMemory.WHOLE);
    int saved = Math.min(DecisionMemory.WHOLE, owed + oldShare);
    return new Choice(choice.picked(), choice.rule(), choice.memory().withOld(bucket, saved));
  }

  private Choice byDeadline(
      @Nullable Waiting onTime, @Nullable Waiting late, DecisionMemory memory) {
    if (late == null) {
      return new Choice(java.util.Objects.requireNonNull(onTime), "keep-promises/on-time", memory);
    }
    if (onTime == null) {
      return new Choice(late, "keep-promises/late", memory);
    }
    String bucket = late.bucket().id();
    int owed = memory.late().getOrDefault(bucket, 0) + lateShare;
    return owed < DecisionMemory.WHOLE
        ? new Choice(onTime, "keep-promises/on-time", memory.withLate(bucket, owed))
        : new Choice(
            late, "keep-promises/late", memory.withLate(bucket, owed - DecisionMemory.WHOLE));
  }

  private static Waiting first(Comparator<Waiting> order, @Nullable Waiting best, Waiting other) {
    return best == null || order.compare(other, best) < 0 ? other : best;
  }
}
