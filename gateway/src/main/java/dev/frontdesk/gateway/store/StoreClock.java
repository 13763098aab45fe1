// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;

/**
 * The time of the store, or of the primary that has one workspace, as this process can know it:
 * never ahead of it. Thread-safe.
 */
@FunctionalInterface
public interface StoreClock {
  Instant now();
}
