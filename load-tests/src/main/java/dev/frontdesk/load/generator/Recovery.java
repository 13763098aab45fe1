// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.util.List;

/** How long a gateway needs after an overload until it is as quick as before. */
final class Recovery {

  /** As quick as before: p99 of a second at most so many times that of the first step. */
  static final double FACTOR = 2;

  private Recovery() {}

  /**
   * Seconds until the end of the first second from which on all are as quick as before; -1: the
   * last one is not.
   *
   * @param before p99 of the first step, ms
   * @param seconds p99 of each second after the overload, ms; NaN where nothing was accepted
   */
  static int seconds(double before, List<Double> seconds) {
    int quick = seconds.size();
    while (quick > 0 && seconds.get(quick - 1) <= FACTOR * before) {
      quick--;
    }
    return quick == seconds.size() ? -1 : quick + 1;
  }
}
