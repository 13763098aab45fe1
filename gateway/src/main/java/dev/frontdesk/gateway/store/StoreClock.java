// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;

/** The store's time as this process can know it: never ahead of the store. Thread-safe. */
@FunctionalInterface
public interface StoreClock {
  Instant now();
}
