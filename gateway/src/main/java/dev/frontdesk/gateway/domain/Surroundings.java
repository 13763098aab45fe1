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
 */
public record Surroundings(
    Triage.@Nullable Advice advice,
    @Nullable Long ahead,
    @Nullable Long estimateSeconds,
    @Nullable Customer customer,
    @Nullable Looked looked) {

  /** An answer of a lookup; a miss has no customer. */
  public record Looked(@Nullable Customer customer) {}

  /** Without anything about the customer. */
  public Surroundings(
      Triage.@Nullable Advice advice, @Nullable Long ahead, @Nullable Long estimateSeconds) {
    this(advice, ahead, estimateSeconds, null, null);
  }

  /** Nothing was asked and nobody looked. */
  public static final Surroundings UNKNOWN = new Surroundings(null, null, null);
}
