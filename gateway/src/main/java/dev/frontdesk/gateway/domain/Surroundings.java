// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import org.jspecify.annotations.Nullable;

/**
 * What a decision about one conversation takes from outside of it, read just before.
 *
 * @param advice of the outside classifier, or null
 * @param ahead conversations that wait in the queue before this one, or null when nobody looked
 * @param estimateSeconds how long they will take, or null when nothing tells
 * @param customer the person behind the contact, or null when nobody knows more than the platform
 * @param looked what a lookup answered just now and is to be kept, or null when none did
 * @param ownerAway whether the agent who owns it is offline now, or null when nobody looked
 */
public record Surroundings(
    Triage.@Nullable Advice advice,
    @Nullable Long ahead,
    @Nullable Long estimateSeconds,
    @Nullable Customer customer,
    @Nullable Looked looked,
    @Nullable Boolean ownerAway) {

  /** An answer of a lookup; a miss has no customer. */
  public record Looked(@Nullable Customer customer) {}

  /** Without anything about the customer, and nobody looked whether its owner is there. */
  public Surroundings(
      Triage.@Nullable Advice advice, @Nullable Long ahead, @Nullable Long estimateSeconds) {
    this(advice, ahead, estimateSeconds, null, null, null);
  }

  /** Its owner was looked for, and nothing else. */
  public static Surroundings of(boolean ownerAway) {
    return new Surroundings(null, null, null, null, null, ownerAway);
  }

  /** Nothing was asked and nobody looked. */
  public static final Surroundings UNKNOWN = new Surroundings(null, null, null);
}
