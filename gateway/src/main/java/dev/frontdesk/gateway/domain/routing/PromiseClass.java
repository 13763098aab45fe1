// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.time.Duration;

/**
 * A promise as policies weigh it: the levers of {@code promises.<name>}.
 *
 * @param target time to the first response; positive
 * @param weight what keeping one is worth beside the others; positive
 * @param minShare 0…1 of decisions guaranteed to it while it waits; 0: none
 */
public record PromiseClass(Duration target, double weight, double minShare) {
  public PromiseClass {
    if (target.isNegative() || target.isZero()) {
      throw new IllegalArgumentException("target is " + target + ", expected more than 0");
    }
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight is " + weight + ", expected more than 0");
    }
    if (!(minShare >= 0 && minShare <= 1)) {
      throw new IllegalArgumentException("minShare is " + minShare + ", expected 0 to 1");
    }
  }
}
