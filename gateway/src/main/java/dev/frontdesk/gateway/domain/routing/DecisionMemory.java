// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Bucket;
import java.util.Map;

/**
 * What earlier decisions leave to the next one: how much of its share each bucket was owed and did
 * not get, and how fast decisions come. Immutable.
 *
 * @param late what late lanes are owed
 * @param old what conversations past the hard bound are owed; they begin with a whole decision
 * @param least what promises with a guaranteed share are owed; they begin with two decisions, so
 *     that waiting for another one's turn never leaves them below their share
 * @param passedOver decisions that passed over a conversation past the hard bound
 */
public record DecisionMemory(Owed late, Owed old, Owed least, Pace pace, long passedOver) {

  public static final DecisionMemory EMPTY =
      new DecisionMemory(
          new Owed(0, Map.of()),
          new Owed(Owed.WHOLE, Map.of()),
          new Owed(2 * Owed.WHOLE, Map.of()),
          Pace.UNKNOWN,
          0);

  DecisionMemory withLate(Bucket bucket, int owed) {
    return new DecisionMemory(late.with(bucket, owed), old, least, pace, passedOver);
  }

  DecisionMemory withOld(Bucket bucket, int owed) {
    return new DecisionMemory(late, old.with(bucket, owed), least, pace, passedOver);
  }

  DecisionMemory withLeast(Owed owed) {
    return new DecisionMemory(late, old, owed, pace, passedOver);
  }

  DecisionMemory at(Pace current) {
    return new DecisionMemory(late, old, least, current, passedOver);
  }

  /** One more decision went past an old one. */
  DecisionMemory passing() {
    return new DecisionMemory(late, old, least, pace, passedOver + 1);
  }
}
