// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules from an offer on.
 *
 * @param offerTo to how many agents at once a conversation may be offered
 * @param returnAfter time an owner has for a first word to a customer who waits, or null: no end
 * @param returnHops how often one conversation is taken back at most
 * @param returnGrace once per assignment, the time that writing adds; zero: none
 * @param wrapUp time the capacity stays charged after resolving; zero: none
 * @param supervisors who supervises a queue and serves it, by queue
 */
public record OfferTerms(
    int offerTo,
    @Nullable Duration returnAfter,
    int returnHops,
    Duration returnGrace,
    Duration wrapUp,
    Map<String, Set<Agent.Id>> supervisors) {

  /** One offer at a time, nothing taken back, no wrap-up. */
  public static final OfferTerms PLAIN =
      new OfferTerms(1, null, 1, Duration.ZERO, Duration.ZERO, Map.of());

  /**
   * The skill that supervisors have and a bucket asks for while it is reserved for them. No
   * configured skill is called so: names have no such character.
   */
  public static final String SUPERVISOR = "@supervisor";

  public OfferTerms {
    supervisors = Map.copyOf(supervisors);
  }

  /** Whether somebody who is none of {@code silent} supervises that queue. */
  boolean isSupervised(String queue, Collection<Agent.Id> silent) {
    for (Agent.Id supervisor : supervisors.getOrDefault(queue, Set.of())) {
      if (!silent.contains(supervisor)) {
        return true;
      }
    }
    return false;
  }
}
