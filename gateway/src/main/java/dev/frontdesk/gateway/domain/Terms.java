// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force in one workspace, as the domain needs them; made from the configuration.
 *
 * @param promises by name
 * @param channels by id
 * @param queues their names
 * @param skills every skill that somebody has
 * @param maxMessages from this many on a customer's message opens the conversation that follows
 * @param offers the rules from an offer on
 * @param occupancy what fills queues and agents
 * @param defaultPromise what a promise falls back to that the configuration no longer names
 */
public record Terms(
    Map<String, Promise> promises,
    Map<String, Channel> channels,
    Set<String> queues,
    Set<String> skills,
    Triage.Rules triage,
    String defaultQueue,
    String defaultPromise,
    Duration declineBackoff,
    Duration reopenWindow,
    Duration retention,
    int maxMessages,
    OfferTerms offers,
    Occupancy occupancy) {
  private static final int LEAST_ROOM = 16;

  public Terms {
    promises = Map.copyOf(promises);
    channels = Map.copyOf(channels);
    queues = Set.copyOf(queues);
    skills = Set.copyOf(skills);
  }

  /** One offer at a time, nothing taken back; queues keep everything. */
  public Terms(
      Map<String, Promise> promises,
      Map<String, Channel> channels,
      Set<String> queues,
      Set<String> skills,
      Triage.Rules triage,
      String defaultQueue,
      String defaultPromise,
      Duration declineBackoff,
      Duration reopenWindow,
      Duration retention,
      int maxMessages) {
    this(
        promises,
        channels,
        queues,
        skills,
        triage,
        defaultQueue,
        defaultPromise,
        declineBackoff,
        reopenWindow,
        retention,
        maxMessages,
        OfferTerms.PLAIN,
        Occupancy.PLAIN);
  }

  public record Promise(String name, ClockPolicy clocks) {
    /** A first response around the clock, with one warning, answered by people. */
    public Promise(String name, Duration firstResponse, double warnShare) {
      this(name, ClockPolicy.plain(firstResponse, warnShare));
    }

    /** For comparing promises; a working day counts as a day. */
    public Duration firstResponse() {
      return clocks.firstResponse().nominal();
    }
  }

  /**
   * A channel as far as rules care.
   *
   * @param bot the bot that new conversations go to first, or null
   * @param botReplyTimeout how long that bot may stay silent
   * @param acknowledgement the automatic first answer, or null: nothing is sent by itself
   */
  public record Channel(
      String id,
      String connector,
      String family,
      int cost,
      @Nullable String bot,
      Duration botReplyTimeout,
      @Nullable Acknowledgement acknowledgement) {
    /** A channel that sends nothing by itself. */
    public Channel(
        String id,
        String connector,
        String family,
        int cost,
        @Nullable String bot,
        Duration botReplyTimeout) {
      this(id, connector, family, cost, bot, botReplyTimeout, null);
    }
  }

  /**
   * Messages a conversation may have when answers and notes are counted: a tenth more than {@link
   * #maxMessages}, so that what customers write can never keep us from answering it.
   */
  public int mostMessages() {
    return maxMessages + Math.max(LEAST_ROOM, maxMessages / 10);
  }

  /** The promise of that name, or the default one. */
  public Promise promise(String name) {
    Promise found = promises.get(name);
    return found != null ? found : java.util.Objects.requireNonNull(promises.get(defaultPromise));
  }

  /** What a conversation of this channel costs of an agent's capacity. */
  public int cost(String channel) {
    Channel found = channels.get(channel);
    return found == null ? 1 : found.cost();
  }
}
