// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.HashSet;
import java.util.Set;
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
 * @param full queues that were found full
 * @param botRests whether the bot of its channel is passed by, since it failed several times
 */
public record Surroundings(
    Triage.@Nullable Advice advice,
    @Nullable Long ahead,
    @Nullable Long estimateSeconds,
    @Nullable Customer customer,
    @Nullable Looked looked,
    @Nullable Boolean ownerAway,
    Set<String> full,
    boolean botRests) {
  public Surroundings {
    full = Set.copyOf(full);
  }

  /** An answer of a lookup; a miss has no customer. */
  public record Looked(@Nullable Customer customer) {}

  /** No queue was found full. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings(
      Triage.@Nullable Advice advice,
      @Nullable Long ahead,
      @Nullable Long estimateSeconds,
      @Nullable Customer customer,
      @Nullable Looked looked,
      @Nullable Boolean ownerAway) {
    this(advice, ahead, estimateSeconds, customer, looked, ownerAway, Set.of(), false);
  }

  /** Without anything about the customer, and nobody looked whether its owner is there. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings(
      Triage.@Nullable Advice advice, @Nullable Long ahead, @Nullable Long estimateSeconds) {
    this(advice, ahead, estimateSeconds, null, null, null);
  }

  /** Its owner was looked for, and nothing else. */
  public static Surroundings of(boolean ownerAway) {
    return new Surroundings(null, null, null, null, null, ownerAway);
  }

  /** The same, and this queue is full. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings full(String queue) {
    Set<String> more = new HashSet<>(full);
    more.add(queue);
    return new Surroundings(
        advice, ahead, estimateSeconds, customer, looked, ownerAway, more, botRests);
  }

  /** The same, and the bot of its channel rests. */
  @SuppressWarnings("NullAway") // it does not see Triage.@Nullable Advice of a record's component
  public Surroundings withoutBot() {
    return new Surroundings(
        advice, ahead, estimateSeconds, customer, looked, ownerAway, full, true);
  }

  /** Nothing was asked and nobody looked. */
  public static final Surroundings UNKNOWN = new Surroundings(null, null, null);
}
