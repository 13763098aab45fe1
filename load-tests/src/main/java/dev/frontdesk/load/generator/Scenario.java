// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.config.Between;
import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.OneOf;
import dev.frontdesk.config.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A scenario file: who writes, who answers, what else is open, and the steps. */
public record Scenario(
    @Doc("Share of the messages by channel; together 100%.") Map<String, Share> channels,
    @Default("{}") @Doc("Who writes.") Contacts contacts,
    @Default("1%") @Doc("Calls made once more, as platforms do; they must be stored once.")
        Share duplicates,
    @Default("5%") @Doc("Messages that are pictures.") Share media,
    @Default("{}") @Doc("People who poll, accept, answer and resolve.") Agents agents,
    @Default("{}") @Doc("Programs on WebSockets that answer.") Bots bots,
    @Default("{}") @Doc("Stand-ins that take the answers.") Platforms platforms,
    @Default("0")
        @Between(min = 0, max = 1_000_000)
        @Doc("Conversations that only wait, each with an armed timer, before the run.")
        int timers,
    @Default("{}") @Doc("What is connected and silent.") Idle idle,
    @Default("{}") @Doc("When a first response is due.") Promises promises,
    @Default("{}") @Doc("Before the steps.") Ceiling ceiling,
    @Default("{}") @Doc("The open-loop steps.") Steps steps) {

  /** The channels a scenario may name. */
  static final List<String> CHANNELS =
      List.of("webhook", "wechat", "telegram", "line", "sms", "email");

  /** Shares are written in per cent, with decimals perhaps. */
  private static final double ROUNDING = 1e-9;

  /**
   * Checks what concerns more than one key.
   *
   * @throws IllegalArgumentException naming what was expected
   */
  public Scenario {
    channels = Map.copyOf(channels);
    for (String channel : new TreeSet<>(channels.keySet())) {
      if (!CHANNELS.contains(channel)) {
        throw new IllegalArgumentException(
            "channels." + channel + " is no channel, expected of " + String.join(", ", CHANNELS));
      }
    }
    double sum = channels.values().stream().mapToDouble(Share::value).sum();
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "channels are " + Math.round(sum * 1e6) / 1e4 + "% together, expected 100%");
    }
    if (duplicates.value() + media.value() >= 1) {
      throw new IllegalArgumentException(
          "duplicates and media are all messages, expected less than 100% together");
    }
    if (timers > 0 && bots.channels().containsAll(channels.keySet())) {
      throw new IllegalArgumentException(
          "timers need a channel that is not in bots.channels: bots start no first response");
    }
    for (String channel : bots.channels()) {
      if (!channels.containsKey(channel)) {
        throw new IllegalArgumentException(
            "bots.channels names " + channel + ", expected a channel of channels");
      }
    }
  }

  /** Contacts by Zipf's law: the one of rank r writes in proportion to 1 / r^exponent. */
  public record Contacts(
      @Default("10000") @Between(min = 1, max = 10_000_000) @Doc("Contacts of each channel.")
          int number,
      @Default("0.8") @Doc("0: all write alike; 1: the classic law.") double exponent) {

    /** Checks the exponent. */
    public Contacts {
      if (!(exponent >= 0 && exponent <= 5)) {
        throw new IllegalArgumentException("exponent is " + exponent + ", expected 0 to 5");
      }
    }
  }

  /** Each has room for so many conversations and thinks that long before an answer. */
  public record Agents(
      @Default("0") @Between(min = 0, max = 2_000) @Doc("How many.") int number,
      @Default("8") @Between(min = 1, max = 1_000) @Doc("Conversations at once.") int capacity,
      @Default("500ms") @Between(min = 0) @Doc("From an offer accepted to its answer.")
          Duration thinkTime) {}

  /** Each answers every message, and resolves or hands over afterwards. */
  public record Bots(
      @Default("0") @Between(min = 0, max = 100) @Doc("How many sessions.") int number,
      @Default("[]")
          @OneOf({"webhook", "wechat", "telegram", "line", "sms", "email"})
          @Doc("Channels whose new conversations they get.")
          List<String> channels,
      @Default("20%") @Doc("Conversations handed to people.") Share handOff) {

    /** Bots and their channels come together. */
    public Bots {
      channels = List.copyOf(channels);
      if ((number == 0) != channels.isEmpty()) {
        throw new IllegalArgumentException(
            "bots are " + number + " for " + channels.size() + " channels, expected both or none");
      }
    }
  }

  /** How long a platform takes to answer. */
  public record Platforms(
      @Default("0ms") @Between(min = 0) @Doc("Before each answer.") Duration delay) {

    /** Less than a sender waits. */
    public Platforms {
      if (delay.compareTo(Duration.ofSeconds(8)) > 0) {
        throw new IllegalArgumentException("delay is above 8s: every send would time out");
      }
    }
  }

  /** Connections on which nothing happens. */
  public record Idle(
      @Default("0") @Between(min = 0, max = 9_000) @Doc("Visitors' sockets.") int visitors,
      @Default("0") @Between(min = 0, max = 9_000) @Doc("Long-polls of agents who are away.")
          int polls) {}

  /** First responses. */
  public record Promises(
      @Default("1h") @Doc("Of messages that say urgent.") Duration urgent,
      @Default("4h") @Doc("Of all others.") Duration normal) {}

  /** How the ceiling is found: as many calls as are answered by that many at once. */
  public record Ceiling(
      @Default("40s") @Between(min = 0) @Doc("Closed loop whose figures are thrown away.")
          Duration warmUp,
      @Default("15s") @Doc("Closed loop that is measured.") Duration measure,
      @Default("256") @Between(min = 1, max = 2_000) @Doc("Calls under way at any moment.")
          int callers) {}

  /** Each step offers a share of the ceiling, evenly; the first one again at the end. */
  public record Steps(
      @Default("[50, 80, 100, 120]")
          @Between(min = 1, max = 400)
          @Doc("Per cent of the ceiling, ascending.")
          List<Integer> percent,
      @Default("20s") @Doc("How long each lasts.") Duration time) {

    /** They begin low enough to compare the recovery with. */
    public Steps {
      percent = List.copyOf(percent);
      if (percent.isEmpty()) {
        throw new IllegalArgumentException("percent is empty, expected at least one step");
      }
      for (int i = 1; i < percent.size(); i++) {
        if (percent.get(i) <= percent.get(i - 1)) {
          throw new IllegalArgumentException("percent is " + percent + ", expected ascending");
        }
      }
    }
  }
}
