// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.util.HashMap;
import java.util.Map;

/**
 * What earlier decisions leave to the next one: how much of its share each bucket was owed and did
 * not get. Counted per bucket, because decisions for different groups of agents may alternate: a
 * single counter could then always come due in the same group. Immutable; bounded by the number of
 * buckets.
 *
 * @param late per bucket, the share of decisions saved up by its late lane, in millionths
 * @param old per bucket, the share saved up by conversations past the hard bound, in millionths
 * @param passedOver decisions that passed over a conversation past the hard bound
 */
public record DecisionMemory(Map<String, Integer> late, Map<String, Integer> old, long passedOver) {

  /** One whole decision. */
  static final int WHOLE = 1_000_000;

  public static final DecisionMemory EMPTY = new DecisionMemory(Map.of(), Map.of(), 0);

  public DecisionMemory {
    late = Map.copyOf(late);
    old = Map.copyOf(old);
  }

  /** Sets what the late lane of a bucket is owed. */
  DecisionMemory withLate(String bucket, int owed) {
    return new DecisionMemory(with(late, bucket, owed, 0), old, passedOver);
  }

  /** Sets what the old ones of a bucket are owed; they begin with a whole decision. */
  DecisionMemory withOld(String bucket, int owed) {
    return new DecisionMemory(late, with(old, bucket, owed, WHOLE), passedOver);
  }

  /** One more decision went past an old one. */
  DecisionMemory passing() {
    return new DecisionMemory(late, old, passedOver + 1);
  }

  private static Map<String, Integer> with(
      Map<String, Integer> shares, String bucket, int owed, int initial) {
    if (shares.getOrDefault(bucket, initial) == owed) {
      return shares;
    }
    Map<String, Integer> changed = new HashMap<>(shares);
    if (owed == initial) {
      changed.remove(bucket);
    } else {
      changed.put(bucket, owed);
    }
    return changed;
  }
}
