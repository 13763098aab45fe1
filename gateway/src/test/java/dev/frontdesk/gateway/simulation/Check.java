// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Assertions that cost nothing while they hold: a simulation asks millions of times. */
final class Check {
  private Check() {}

  static void that(boolean condition, String what, @Nullable Object about) {
    if (!condition) {
      throw new AssertionError(what + ": " + about);
    }
  }

  static void same(@Nullable Object found, @Nullable Object expected, String what) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError(what + ": found " + found + ", expected " + expected);
    }
  }
}
