// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Makes the calls of a scenario, one after the other: channel and kind by exact shares, contact by
 * Zipf's law, text by chance. The same seed makes the same ones, but for the time that is signed.
 * For one thread.
 */
final class CallMaker {

  private static final String DUPLICATE = "duplicate";
  private static final String MEDIA = "media";
  private static final String TEXT = "text";

  /** Repeats are of one of so many last calls: some are still on their way, most were stored. */
  private static final int REMEMBERED = 256;

  private static final String FILLER =
      "商品到货时包装破损 the parcel arrived damaged, please look at the picture I sent ".repeat(12);

  private final Map<String, Line> lines;
  private final InstantSource clock;
  private final Deck channels;
  private final Deck kinds;
  private final Zipf contacts;
  private final SplittableRandom random;
  private final Call[] last = new Call[REMEMBERED];
  private int remembered;
  private int number;
  private int duplicates;
  private int media;

  /**
   * The calls of a scenario.
   *
   * @param lines by the scenario's channels
   */
  CallMaker(Scenario scenario, Map<String, Line> lines, InstantSource clock, long seed) {
    this.lines = Map.copyOf(lines);
    this.clock = clock;
    this.random = new SplittableRandom(seed);
    Map<String, Double> byChannel = new TreeMap<>();
    scenario.channels().forEach((channel, share) -> byChannel.put(channel, share.value()));
    this.channels = new Deck(byChannel, random.split());
    double repeated = scenario.duplicates().value();
    double pictures = scenario.media().value();
    this.kinds =
        new Deck(
            Map.of(DUPLICATE, repeated, MEDIA, pictures, TEXT, 1 - repeated - pictures),
            random.split());
    this.contacts =
        new Zipf(scenario.contacts().number(), scenario.contacts().exponent(), random.split());
  }

  /** The next call; one of the last again now and then. */
  Call next() {
    String kind = kinds.next();
    if (kind.equals(DUPLICATE) && remembered > 0) {
      duplicates++;
      return last[random.nextInt(Math.min(remembered, REMEMBERED))];
    }
    boolean picture = kind.equals(MEDIA);
    media += picture ? 1 : 0;
    Call made = made(line(channels.next()), contacts.next(), picture);
    last[remembered++ % REMEMBERED] = made;
    return made;
  }

  /** A first message of somebody who writes nothing else. */
  Call first(String channel, int contact) {
    return made(line(channel), contact, false);
  }

  private Line line(String channel) {
    return Objects.requireNonNull(lines.get(channel), channel);
  }

  private Call made(Line line, int contact, boolean picture) {
    int id = ++number;
    String text =
        (id % 9 == 0 ? "urgent 退款 " : "hello ") + FILLER.substring(0, 60 + random.nextInt(340));
    return picture
        ? line.picture(contact, id, clock.instant())
        : line.message(contact, text, id, clock.instant());
  }

  /** Messages made so far. */
  int made() {
    return number;
  }

  /** Calls that were made once more. */
  int duplicates() {
    return duplicates;
  }

  /** Pictures among the messages. */
  int media() {
    return media;
  }
}
