// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import org.jspecify.annotations.Nullable;

/** Told when the store needs a person. Called on a store thread: hand over, do not work there. */
public interface StoreAlarms {

  /** Ignores everything; the store logs each alarm anyway. */
  StoreAlarms NONE = new StoreAlarms() {};

  /**
   * The store is not the one this gateway knows: nothing is accepted or sent for this workspace
   * until an operator adopts it.
   *
   * @param found the epoch there, or null when there is none
   */
  default void quarantined(String workspace, String known, @Nullable String found) {}

  /** An operator adopted the store: work goes on. */
  default void adopted(String workspace) {}

  /**
   * The host's clock is this far ahead of the store's (negative: behind); 0: back within 500 ms.
   */
  default void hostDrift(long millis) {}

  /** Free disk fell below the bound (intake must be refused), or is enough again. */
  default void diskLow(boolean low, long freeBytes) {}
}
