// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shares of decisions that promises are guaranteed while they wait, by counting: each decision
 * saves up the share of every such promise that waits; who has saved a whole one is next; being
 * served, for whatever reason, pays. Pure.
 */
final class LeastShares {

  private final PromiseTable promises;
  private final boolean none;

  LeastShares(PromiseTable promises) {
    this.promises = promises;
    this.none = promises.byName().values().stream().allMatch(p -> p.minShare() == 0);
  }

  /** What was saved, and whose turn it is, or null. */
  record Turn(DecisionMemory memory, @Nullable Waiting next) {}

  Turn save(List<Waiting> candidates, DecisionMemory memory, Instant now) {
    if (none) {
      return new Turn(memory, null);
    }
    Owed owed = memory.least();
    Waiting next = null;
    int most = Owed.WHOLE - 1;
    for (Waiting head : heads(candidates, now).values()) {
      int saved = owed.of(head.bucket()) + Owed.share(promises.minShare(head));
      owed = owed.with(head.bucket(), saved);
      if (saved > most) {
        most = saved;
        next = head;
      }
    }
    return new Turn(memory.withLeast(owed), next);
  }

  DecisionMemory pay(Waiting picked, DecisionMemory memory) {
    if (none || promises.minShare(picked) == 0) {
      return memory;
    }
    int left = memory.least().of(picked.bucket()) - Owed.WHOLE;
    return memory.withLeast(memory.least().with(picked.bucket(), left));
  }

  /** The first of each promise with a share: who can still be kept before who is late. */
  private Map<String, Waiting> heads(List<Waiting> candidates, Instant now) {
    Map<String, Waiting> heads = new TreeMap<>();
    for (Waiting candidate : candidates) {
      if (promises.minShare(candidate) > 0) {
        heads.merge(candidate.bucket().promise(), candidate, (a, b) -> isBefore(b, a, now) ? b : a);
      }
    }
    return heads;
  }

  private static boolean isBefore(Waiting one, Waiting other, Instant now) {
    boolean late = one.isLate(now);
    return late == other.isLate(now) ? RoutingPolicy.BY_DEADLINE.compare(one, other) < 0 : !late;
  }
}
