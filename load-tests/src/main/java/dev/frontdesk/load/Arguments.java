// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.util.List;

/**
 * What follows the name of a scenario, read before anything is started.
 *
 * @param words the scenario's name first
 */
record Arguments(List<String> words) {

  /** Said of arguments that a scenario does not take; the message is one line. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  String scenario() {
    return words.get(0);
  }

  /** A whole number of 1 and more, or the fallback where nothing stands. */
  int number(int at, String name, int fallback) {
    return words.size() > at ? whole(at, name) : fallback;
  }

  private int whole(int at, String name) {
    String text = words.get(at);
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1) {
      throw refused(name + " has to be a whole number from 1 to 999999999", text);
    }
    return Integer.parseInt(text);
  }

  /** A share such as {@code 70%}, from 1% to 100%. */
  String share(int at, String name, String fallback) {
    if (words.size() <= at) {
      return fallback;
    }
    String text = words.get(at);
    if (!text.matches("[1-9][0-9]?%|100%")) {
      throw refused(name + " has to be a share from 1% to 100%, with its sign", text);
    }
    return text;
  }

  /** One of some words. */
  String choice(int at, String name, List<String> choices) {
    String text = words.size() > at ? words.get(at) : choices.get(0);
    if (!choices.contains(text)) {
      throw refused(name + " has to be one of " + choices, text);
    }
    return text;
  }

  /** Any word; empty where nothing stands. */
  String word(int at) {
    return words.size() > at ? words.get(at) : "";
  }

  /** Those after the scenario. */
  List<String> rest() {
    return words.subList(1, words.size());
  }

  /** Refuses what comes after the last argument that the scenario has. */
  Arguments bounded() {
    int count = most();
    if (words.size() > count + 1) {
      throw refused("it takes at most " + count + " arguments", String.join(" ", rest()));
    }
    return this;
  }

  /** How many a scenario takes; those with options look at them themselves. */
  private int most() {
    return switch (scenario()) {
      case "one-contact", "sentinel", "footprint" -> 0;
      case "ratio",
          "timers-handover",
          "crash-gateway",
          "decision-cost",
          "simulation",
          "cluster",
          "wake",
          "upgrade" ->
          1;
      case "generate", "agreement", "agreement-plan" -> Integer.MAX_VALUE - 1;
      default -> 2;
    };
  }

  private Refused refused(String expected, String found) {
    return new Refused(scenario() + ": " + expected + ", not '" + found + "'");
  }
}
