// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A contact as a platform names it: one identity on one channel.
 *
 * @param externalId the platform's id of the sender, 1…512 characters, never shown as is in logs
 * @param name the display name the platform sent, if any
 * @param tier a tier the sending system claims for the customer ({@code webhook} connector only)
 */
public record ContactRef(String externalId, @Nullable String name, @Nullable String tier) {

  /** The longest external id that is stored; a longer one is malformed. */
  public static final int MAX_ID_LENGTH = 512;

  public ContactRef {
    Objects.requireNonNull(externalId, "externalId");
    if (externalId.isBlank() || externalId.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "contact id has " + externalId.length() + " characters, expected 1 to " + MAX_ID_LENGTH);
    }
  }

  /** A contact of whom only the id is known. */
  public static ContactRef of(String externalId) {
    return new ContactRef(externalId, null, null);
  }
}
