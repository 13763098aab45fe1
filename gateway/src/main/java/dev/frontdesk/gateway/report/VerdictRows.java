// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How verdicts are counted: one hash per hour, fields {@code by|key|what}. What: {@code started},
 * {@code met}, {@code breached}, {@code void}, {@code answered}, and {@code h<N>} for response
 * times of bucket N. Other clocks than the first response's are counted by promise alone, with
 * {@code by} their name ({@code resolution|urgent|met}), and {@code o<N>} for overruns of bucket N.
 * Counted in the commit that gives the verdict, in the hour it is given in.
 *
 * <p>A breach counts for the agent who held the conversation then, if anybody did; a late answer
 * counts as answered for whoever gives it.
 */
public final class VerdictRows {

  /** How long an hour's counts are kept. */
  static final Duration KEPT = Duration.ofDays(90);

  private final Key hour;
  private final List<Write> writes = new ArrayList<>();

  private VerdictRows(Key hour) {
    this.hour = hour;
  }

  /** The hours since 1970-01-01T00Z that an instant lies in. */
  static long hourOf(Instant at) {
    return Math.floorDiv(at.toEpochMilli(), Duration.ofHours(1).toMillis());
  }

  /** What an effect adds to the counts of the hour of {@code now}; nothing for other effects. */
  public static List<Write> writes(RedisKeys keys, Effect effect, Instant now) {
    VerdictRows rows = new VerdictRows(keys.verdicts(hourOf(now)));
    if (effect instanceof Effect.VerdictGiven given) {
      Tags tags = new Tags(given.promise(), given.queue(), given.channel(), given.agent());
      rows.count(tags, labelOf(given.verdict()));
      if (given.responseMs() >= 0) {
        rows.answered(tags, given.responseMs());
      }
    } else if (effect instanceof Effect.LateAnswer late) {
      rows.answered(
          new Tags(late.promise(), late.queue(), late.channel(), late.agent()), late.responseMs());
    } else if (effect instanceof Effect.ClockVerdict verdict) {
      rows.add(verdict.clock(), verdict.promise(), labelOf(verdict.verdict()));
      rows.overrun(verdict.clock(), verdict.promise(), verdict.overrunMs());
    } else if (effect instanceof Effect.ClockOverrun late) {
      rows.overrun(late.clock(), late.promise(), late.overrunMs());
    } else if (effect instanceof Effect.SpellStarted spell) {
      rows.count(new Tags(spell.promise(), spell.queue(), spell.channel(), null), "started");
    }
    return rows.done();
  }

  /** What one verdict is counted under. */
  private record Tags(String promise, String queue, String channel, @Nullable String agent) {}

  private static String labelOf(ResponseClock.State verdict) {
    return switch (verdict) {
      case MET, BREACHED, VOID -> verdict.label();
      case RUNNING, PAUSED ->
          throw new IllegalArgumentException(
              verdict + " is no verdict, expected met, breached, void");
    };
  }

  private void answered(Tags tags, long responseMs) {
    count(tags, "answered");
    count(tags, "h" + ResponseHistogram.bucketOf(responseMs));
  }

  private void count(Tags tags, String what) {
    add(Dimension.PROMISE, tags.promise(), what);
    add(Dimension.QUEUE, tags.queue(), what);
    add(Dimension.CHANNEL, tags.channel(), what);
    if (tags.agent() != null) {
      add(Dimension.AGENT, tags.agent(), what);
    }
  }

  private void overrun(ClockKind clock, String promise, long overrunMs) {
    if (overrunMs >= 0) {
      add(clock, promise, "o" + ResponseHistogram.bucketOf(overrunMs));
    }
  }

  private void add(ClockKind clock, String promise, String what) {
    writes.add(new Write.HashAdd(hour, clock.label() + "|" + promise + "|" + what, 1));
  }

  private void add(Dimension by, String key, String what) {
    writes.add(new Write.HashAdd(hour, by.label() + "|" + key + "|" + what, 1));
  }

  private List<Write> done() {
    if (!writes.isEmpty()) {
      writes.add(new Write.ExpireNew(hour, KEPT.toMillis()));
    }
    return List.copyOf(writes);
  }
}
