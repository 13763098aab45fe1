// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

/** A part of a whole, 0…1; written {@code 10%} or {@code 0.1}. */
public record Share(double value) {
  public Share {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("share is " + value + ", expected 0% to 100%");
    }
  }
}
