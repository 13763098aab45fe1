// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the most promises, by what they weigh: earliest deadline first among those that can still
 * be kept; the late ones wait in a lane of their own with a reserved share of decisions, because
 * serving them first would make everybody late in an overload.
 *
 * <ol>
 *   <li>Only one lane has work: it gets every decision.
 *   <li>Both have: the late lane gets at least its share, by counting, not by chance. It takes a
 *       decision while nobody on time is pressed, and waits for one no longer than {@link
 *       #PATIENCE}; while everybody on time has {@link #AMPLE} time it goes first: that costs
 *       nothing.
 *   <li>A promise of weight w counts as due {@link #LEAD} · ln w decisions earlier, so in an
 *       overload those of less weight are given up first. Between equal weights the deadline alone
 *       decides.
 *   <li>A promise with a guaranteed share gets it while it waits ({@link LeastShares}).
 *   <li>Past the hard bound of age the oldest one is next, for {@link #OLD_SHARE} of decisions at
 *       most (and the first of each bucket at once); decisions that pass it over are counted. When
 *       it is late too, that was a decision of the late lane.
 * </ol>
 *
 * <p>The constants are counted in decisions, not seconds, so that they fit three agents and three
 * thousand; chosen by trial on generated days and on the traces of the tests (ADR 0005).
 */
public final class KeepPromises implements RoutingPolicy {

  /** Most decisions that age may take from deadlines: 10 % (design §6). */
  static final double OLD_SHARE = 0.1;

  /** Decisions by which weight e brings a deadline forward. */
  static final double LEAD = 12;

  /** Whoever on time has less than so many decisions left is pressed. */
  static final double PRESSED = 3;

  /** With so many decisions left nobody on time minds one more before them. */
  static final double AMPLE = 60;

  /** Decisions that the late lane may be owed before it takes one from somebody pressed. */
  static final int PATIENCE = 5;

  private static final int OLD = Owed.share(OLD_SHARE);

  private final int lateShare;
  private final Levers levers;
  private final LeastShares least;

  public KeepPromises(Levers levers) {
    this.levers = levers;
    this.lateShare = Owed.share(levers.lateShare());
    this.least = new LeastShares(levers.promises());
  }

  @Override
  public double score(Instant due, int priority, Instant arrival) {
    return RoutingPolicy.scoreOf(due, priority);
  }

  @Override
  public Choice choose(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    Pace pace = memory.pace().decided(now);
    Heads heads = Heads.of(candidates, levers.promises(), LEAD * pace.gapMillis(), now);
    LeastShares.Turn turn = least.save(candidates, memory.at(pace), now);
    Choice choice =
        heads.oldest().arrival().plus(levers.hardBound()).isBefore(now)
            ? besideOld(heads, turn, now)
            : young(heads, turn);
    return choice.remembering(least.pay(choice.picked(), choice.memory()));
  }

  /** A decision with nobody past the hard bound in view. */
  private Choice young(Heads heads, LeastShares.Turn turn) {
    Choice choice = byShares(heads, turn);
    return save(choice, choice.picked());
  }

  /** A decision with a conversation past the hard bound in view. */
  private Choice besideOld(Heads heads, LeastShares.Turn turn, Instant now) {
    Waiting oldest = heads.oldest();
    int owed = turn.memory().old().of(oldest.bucket());
    if (owed >= Owed.WHOLE) {
      DecisionMemory paid = turn.memory().withOld(oldest.bucket(), owed - Owed.WHOLE + OLD);
      if (oldest.isLate(now)) {
        paid = paid.withLate(oldest.bucket(), lateOwed(oldest, paid) - Owed.WHOLE);
      }
      return new Choice(oldest, "keep-promises/hard-bound", paid);
    }
    Choice choice = save(byShares(heads, turn), oldest);
    return choice.picked().equals(oldest) ? choice : choice.remembering(choice.memory().passing());
  }

  /** Each decision saves up the old ones' share for one bucket, a whole decision at most. */
  private static Choice save(Choice choice, Waiting of) {
    DecisionMemory memory = choice.memory();
    int saved = Math.min(Owed.WHOLE, memory.old().of(of.bucket()) + OLD);
    return choice.remembering(memory.withOld(of.bucket(), saved));
  }

  private Choice byShares(Heads heads, LeastShares.Turn turn) {
    Waiting next = turn.next();
    return next == null
        ? byDeadline(heads.onTime(), heads.late(), heads.slackMillis(), turn.memory())
        : new Choice(next, "keep-promises/least-share", turn.memory());
  }

  private int lateOwed(Waiting late, DecisionMemory memory) {
    return Math.min((PATIENCE + 1) * Owed.WHOLE, memory.late().of(late.bucket()) + lateShare);
  }

  private Choice byDeadline(
      @Nullable Waiting onTime, @Nullable Waiting late, long slack, DecisionMemory memory) {
    if (late == null) {
      return new Choice(Objects.requireNonNull(onTime), "keep-promises/on-time", memory);
    }
    if (onTime == null) {
      return new Choice(late, "keep-promises/late", memory);
    }
    int owed = lateOwed(late, memory);
    double left = slack / memory.pace().gapMillis();
    boolean turn =
        owed >= PATIENCE * Owed.WHOLE || left > AMPLE || (owed >= Owed.WHOLE && left > PRESSED);
    return turn
        ? new Choice(late, "keep-promises/late", memory.withLate(late.bucket(), owed - Owed.WHOLE))
        : new Choice(onTime, "keep-promises/on-time", memory.withLate(late.bucket(), owed));
  }
}
