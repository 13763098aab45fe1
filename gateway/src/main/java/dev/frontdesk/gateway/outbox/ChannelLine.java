// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.gateway.domain.ChannelCircuit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one channel has to send and may not yet: because as many sends as it may have are on their
 * way, because its platform asked for a pause, or because its circuit is open. First come, first
 * out. Its conversations stay claimed, so that nothing is asked of the store for them but a new
 * claim when one ends. Confined to the dispatcher's context.
 */
final class ChannelLine {

  /** Conversations in it: some 4 MB; more are looked at again later. */
  static final int LONGEST = 20_000;

  private final String channel;
  private final Map<String, Claim> waiting = new LinkedHashMap<>();
  private final Set<String> renewing = new HashSet<>();
  private ChannelCircuit circuit = ChannelCircuit.CLOSED;
  private Instant pausedUntil = Instant.MIN;
  private Instant heldUntil = Instant.MIN;
  private int inFlight;

  ChannelLine(String channel) {
    this.channel = channel;
  }

  String channel() {
    return channel;
  }

  /** Whether a message may be sent now, with so many on their way at most. */
  boolean admits(Instant now, int most) {
    return inFlight < most
        && !pausedUntil.isAfter(now)
        && !heldUntil.isAfter(now)
        && circuit.admits(now);
  }

  /** When that changes without a send that ends; null: it does not. */
  @Nullable Instant opensAt(Instant now) {
    Instant rest = circuit.isOpen() ? circuit.notBefore() : Instant.MIN;
    Instant later = latest(latest(rest, pausedUntil), heldUntil);
    return later.isAfter(now) ? later : null;
  }

  /** A send begins; {@link #leave} ends it. True if it is the one that tries a silent platform. */
  boolean enter() {
    inFlight++;
    circuit = circuit.began();
    return circuit.isOpen();
  }

  /** A send is over, whether the platform was reached or not. */
  void leave(boolean tried) {
    inFlight--;
    circuit = tried ? circuit.abandoned() : circuit;
  }

  /** The platform said nothing. True if the circuit opened by it. */
  boolean silence(boolean tried, Instant now, double jitter) {
    boolean before = circuit.isOpen();
    // what left before the rest is no news
    circuit = before && !tried ? circuit : circuit.failed(now, jitter);
    return circuit.isOpen() && !before;
  }

  /** The platform took a message or said when it will. True if the circuit closed by it. */
  boolean answer() {
    boolean before = circuit.isOpen();
    circuit = ChannelCircuit.CLOSED;
    return before;
  }

  boolean rests() {
    return circuit.isOpen();
  }

  /** The platform wants nothing until then; the longest of its wishes counts. */
  void pause(Instant until) {
    pausedUntil = latest(pausedUntil, until);
  }

  /** The store is in trouble: nothing is looked at until then. */
  void hold(Instant until) {
    heldUntil = until;
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  boolean isPausedAt(Instant then) {
    return pausedUntil.isAfter(then);
  }

  boolean hasRoom() {
    return waiting.size() < LONGEST;
  }

  int size() {
    return waiting.size();
  }

  /** Puts a conversation at the end, or gives the one that is in it another claim. */
  void put(Claim claim) {
    waiting.put(claim.due().member(), claim);
    renewing.remove(claim.due().member());
  }

  /** The first one, which stays; null if none waits. */
  @Nullable Claim first() {
    return waiting.isEmpty() ? null : waiting.values().iterator().next();
  }

  /** Takes one out. */
  void remove(Claim claim) {
    waiting.remove(claim.due().member());
    renewing.remove(claim.due().member());
  }

  /**
   * The first ones whose claims are too old to send under, as many as could be sent, each told once
   * until {@link #put} brings its new claim.
   */
  List<Claim> toBeRenewed(Instant now, Duration longest, int most) {
    int places = circuit.isOpen() ? 1 : most - inFlight;
    List<Claim> told = new ArrayList<>();
    for (Claim claim : waiting.values()) {
      if (renewing.size() >= places || claim.covers(now, longest)) {
        break;
      }
      // past its end another node may have it: whoever claims it next says so
      if (now.isBefore(claim.ends()) && renewing.add(claim.due().member())) {
        told.add(claim);
      }
    }
    return told;
  }

  /** Lets all of them go: their claims end by themselves. */
  void clear() {
    waiting.clear();
    renewing.clear();
  }
}
