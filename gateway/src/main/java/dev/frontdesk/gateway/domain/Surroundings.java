// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import org.jspecify.annotations.Nullable;

/**
 * What a decision about one conversation takes from outside of it, read just before.
 *
 * @param advice of the outside classifier, or null
 * @param ahead conversations that wait in the queue before this one, or null when nobody looked
 * @param estimateSeconds how long they will take, or null when nothing tells
 */
public record Surroundings(
    Triage.@Nullable Advice advice, @Nullable Long ahead, @Nullable Long estimateSeconds) {

  /** Nothing was asked and nobody looked. */
  public static final Surroundings UNKNOWN = new Surroundings(null, null, null);
}
