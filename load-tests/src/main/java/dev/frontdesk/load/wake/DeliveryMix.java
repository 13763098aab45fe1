// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import java.util.Random;

/**
 * What the nth message of a delivery run is. Of {@value #CYCLE} messages {@value #ASSIGNED} go to
 * conversations that an agent holds and one opens a conversation for an agent with room; the others
 * are the background that {@code ratio} sends: every fourth opens a conversation, the others go to
 * one of the first 10,000; all of these wait in a queue that nobody serves. Not thread-safe.
 */
final class DeliveryMix {

  /** Messages after which the mix begins again. */
  static final int CYCLE = 200;

  /** Messages of a cycle to conversations that an agent holds. */
  static final int ASSIGNED = 10;

  /** Between two that an agent waits for, so that they are spread evenly. */
  private static final int EVERY = CYCLE / ASSIGNED;

  private static final int CONTACTS = 10_000;

  private final Random random;
  private final int held;
  private int background;
  private int opened;
  private int newcomers;

  /**
   * A mix.
   *
   * @param held conversations that agents hold, 0 to {@code held} - 1
   */
  DeliveryMix(Random random, int held) {
    this.random = random;
    this.held = held;
  }

  /** Who waits for a message. */
  enum Kind {
    /** The agent who holds its conversation. */
    ASSIGNED,
    /** An agent who is offered its conversation. */
    NEW,
    /** Nobody. */
    BACKGROUND
  }

  /** A message; the first letter of its contact says its kind: {@code d}, {@code n}, {@code b}. */
  record Choice(Kind kind, String contact) {}

  /** The contact of a conversation that an agent holds. */
  static String held(int number) {
    return "d" + number;
  }

  /**
   * The message {@code number} of a stretch, from 0, in order; a further stretch begins at 0 again,
   * and its new contacts are new.
   */
  Choice at(int number) {
    int place = number % CYCLE;
    if (place % EVERY == EVERY / 2) {
      return new Choice(Kind.ASSIGNED, held(random.nextInt(held)));
    }
    return place == 0 ? new Choice(Kind.NEW, "n" + ++newcomers) : background();
  }

  /** Of a load that nobody waits for. */
  Choice background() {
    int which =
        ++background % 4 == 0 || opened < 100
            ? ++opened
            : 1 + random.nextInt(Math.min(opened, CONTACTS));
    return new Choice(Kind.BACKGROUND, "b" + which);
  }
}
