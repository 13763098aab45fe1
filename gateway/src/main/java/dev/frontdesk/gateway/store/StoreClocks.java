// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/**
 * The clocks of a store. In a cluster each primary has its own, and a workspace lives by that of
 * the primary that has it: what two of them say may differ. Thread-safe.
 */
@FunctionalInterface
public interface StoreClocks {

  /**
   * The clock of a workspace; the same object at each call, whichever primary has the workspace.
   *
   * @param workspace id of a workspace of the configuration
   */
  StoreClock clock(String workspace);
}
