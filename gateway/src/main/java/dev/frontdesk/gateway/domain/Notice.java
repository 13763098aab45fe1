// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Optional;

/**
 * A message that a level of a ladder sends to a contact that was configured: it waits as a timer
 * that is due at once, written in the commit of the level, until the commit that puts the message
 * into the outbox removes it. What it says is made then, by the configuration in force.
 *
 * @param promise whose ladder
 * @param level from 1
 * @param spell of the level's clock
 */
public record Notice(Conversation.Id about, String promise, int level, int spell) {

  /** Its row: {@code a:<conversation>.<promise>.<level>:<spell>}. */
  public Timer timer() {
    return new Timer(Timer.Kind.NOTICE, about + "." + promise + "." + level, spell);
  }

  /** Reads {@link #timer()}; throws IllegalArgumentException on anything else. */
  public static Notice of(Timer timer) {
    String[] parts = timer.subject().split("\\.", 4);
    if (timer.kind() != Timer.Kind.NOTICE || parts.length != 3) {
      throw new IllegalArgumentException(
          "'" + timer.subject() + "' is no notice, expected conversation.promise.level");
    }
    return new Notice(
        new Conversation.Id(parts[0]), parts[1], Integer.parseInt(parts[2]), timer.generation());
  }

  /** Whom the level tells, unless another configuration is in force that tells somebody else. */
  public Optional<Ladder.Person> person(Terms terms) {
    Terms.Promise found = terms.promises().get(promise);
    if (found == null || level > found.clocks().ladder().levels().size()) {
      return Optional.empty();
    }
    return found.clocks().ladder().levels().get(level - 1).to() instanceof Ladder.Person person
        ? Optional.of(person)
        : Optional.empty();
  }

  /** What the person is told; {@code c}: the conversation it is about, as it is now. */
  public String text(Ladder.Person person, Conversation c) {
    return person
        .text()
        .replace("{conversation}", about.value())
        .replace("{channel}", c.contact().channel())
        .replace("{queue}", c.triage().queue())
        .replace("{promise}", promise)
        .replace("{level}", Integer.toString(level))
        .replace("{owner}", c.owner() == null ? "nobody" : c.owner().id());
  }
}
