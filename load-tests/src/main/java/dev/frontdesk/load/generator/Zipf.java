// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.util.random.RandomGenerator;

/** Draws ranks by Zipf's law: rank r of 1…n with weight 1 / r^exponent. For one thread. */
final class Zipf {

  /** At rank r − 1: the weight of ranks 1…r together. */
  private final double[] upTo;

  private final RandomGenerator random;

  /**
   * A law.
   *
   * @param exponent 0: all alike
   */
  Zipf(int number, double exponent, RandomGenerator random) {
    this.upTo = new double[number];
    this.random = random;
    double sum = 0;
    for (int rank = 1; rank <= number; rank++) {
      sum += Math.pow(rank, -exponent);
      upTo[rank - 1] = sum;
    }
  }

  /** A rank, 1…n. */
  int next() {
    return rankAt(random.nextDouble());
  }

  /** The rank at a share of all weight, 0…1 without 1: the first whose sum is above it. */
  int rankAt(double share) {
    double wanted = share * upTo[upTo.length - 1];
    int low = 0;
    int high = upTo.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (upTo[middle] > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low + 1;
  }
}
