// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What follows the name of a scenario, read before anything is started.
 *
 * @param words the scenario's name first
 */
record Arguments(List<String> words) {

  String scenario() {
    return words.get(0);
  }

  /** A whole number of 1 and more, or the fallback where nothing stands. */
  int number(int at, String name, int fallback) {
    return number(at, name, fallback, 999_999_999);
  }

  /** The same up to a bound. */
  int number(int at, String name, int fallback, int most) {
    return words.size() > at ? whole(words.get(at), name, most) : fallback;
  }

  private int whole(String text, String name, int most) {
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw refused(name + " has to be a whole number from 1 to " + most, text);
    }
    return Integer.parseInt(text);
  }

  /** Options and their values from a word on, by name; none twice and none without a value. */
  Map<String, String> options(int from, Set<String> known) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int at = from; at < words.size(); at += 2) {
      String option = words.get(at);
      if (!known.contains(option)) {
        throw refused("its options are " + String.join(", ", new TreeSet<>(known)), option);
      }
      if (at + 1 == words.size() || options.put(option, words.get(at + 1)) != null) {
        throw refused("each option stands once, with its value behind it", option);
      }
    }
    return options;
  }

  /** The value of an option as a whole number of 1 and more. */
  int option(Map<String, String> options, String name, int fallback, int most) {
    String text = options.get(name);
    return text == null ? fallback : whole(text, name, most);
  }

  /** The value of an option as one of some words. */
  String option(Map<String, String> options, String name, String fallback, Set<String> choices) {
    String text = options.getOrDefault(name, fallback);
    if (!choices.contains(text)) {
      throw refused(name + " has to be one of " + new TreeSet<>(choices), text);
    }
    return text;
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

  private WrongUsage refused(String expected, String found) {
    return new WrongUsage(scenario() + ": " + expected + ", not '" + found + "'");
  }
}
