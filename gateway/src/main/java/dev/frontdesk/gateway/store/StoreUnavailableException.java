// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import org.jspecify.annotations.Nullable;

/**
 * The store did not answer. {@link #outcomeUnknown()} tells whether the command may have run all
 * the same: then reload and look before repeating.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean outcomeUnknown;

  public StoreUnavailableException(
      String message, boolean outcomeUnknown, @Nullable Throwable cause) {
    super(message, cause);
    this.outcomeUnknown = outcomeUnknown;
  }

  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }
}
