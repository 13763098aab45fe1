// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which queue a conversation waits in when its own does not keep it. It goes with its age, its
 * clocks and what agents declined; what counts from entering a queue begins anew. It never goes
 * where nobody has the skills it needs: there is no way back.
 */
final class OverflowRules {
  private OverflowRules() {}

  /** Its queue is full: it opens in the first one that is not, along the overflows. */
  static void atOpening(Draft d) {
    if (!d.surroundings.full().isEmpty()) {
      String open =
          d.terms.occupancy().open(d.triage.queue(), d.surroundings.full(), d.triage.skills());
      d.triage = d.triage.inQueue(open);
    }
  }

  /**
   * Moves what has waited long enough, else sees to it that it will. What is reserved for a queue's
   * supervisors stays with them for their time.
   */
  static void settle(Draft d) {
    d.noteQueue();
    boolean queued = d.stage == Stage.WAITING || d.stage == Stage.OFFERED;
    Occupancy.Overflow overflow =
        queued && !d.isArmed(Timer.Kind.RETURN)
            ? d.terms.occupancy().overflows().get(d.triage.queue())
            : null;
    Duration after = overflow == null ? null : overflow.after();
    if (overflow == null || after == null) {
      d.disarm(Timer.Kind.OVERFLOW);
      return;
    }
    Instant at = d.inQueueSince().plus(after);
    boolean over = !at.isAfter(d.now);
    if (over && !d.terms.occupancy().mayGo(overflow.queue(), d.triage.skills())) {
      d.disarm(Timer.Kind.OVERFLOW);
      stay(d, overflow, at);
    } else if (d.stage == Stage.OFFERED) {
      d.disarm(Timer.Kind.OVERFLOW);
    } else if (over) {
      go(d, overflow);
    } else if (!at.equals(d.armedAt(Timer.Kind.OVERFLOW))) {
      d.arm(Timer.Kind.OVERFLOW, at);
    }
  }

  private static void go(Draft d, Occupancy.Overflow overflow) {
    String asked = d.triage.queue();
    d.triage = d.triage.inQueue(overflow.queue());
    d.inQueueSince(d.now);
    d.audit("overflowed", Author.SYSTEM, Map.of("from", asked, "queue", d.triage.queue()));
    settle(d);
  }

  /** Told once, by the first event past that time. */
  private static void stay(Draft d, Occupancy.Overflow overflow, Instant at) {
    if (!d.wasQueuedAt(at)) {
      String skills =
          new TreeMap<>(d.triage.skills())
              .entrySet().stream()
                  .map(skill -> skill.getKey() + ":" + skill.getValue())
                  .collect(Collectors.joining(" "));
      d.audit("not-overflowed", Author.SYSTEM, Map.of("queue", overflow.queue(), "skills", skills));
    }
  }
}
