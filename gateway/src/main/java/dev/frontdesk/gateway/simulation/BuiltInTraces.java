// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Days that need no file: 24 hours with peaks at half past ten and half past eight in the evening,
 * six promises, handling times log-normal with mean 300 s; meant for 30 agents. The same seed gives
 * the same day.
 *
 * <ul>
 *   <li>{@code normal}: the peaks just fit, load 0.9
 *   <li>{@code busy}: load 1.25 in the peaks
 *   <li>{@code overload}: load 1.6 in the peaks
 *   <li>{@code double11}: a normal day, and from 20:00 to 22:00 two and a half times what fits
 *   <li>{@code vip-flood}: a normal day, and from 14:00 to 16:00 calls alone are what fits
 * </ul>
 */
public final class BuiltInTraces {

  /** Agents that the traces are meant for. */
  public static final int AGENTS = 30;

  /** What {@link #named} knows. */
  public static final List<String> NAMES =
      List.of("normal", "busy", "overload", "double11", "vip-flood");

  private static final long SEED = 20_261_111;
  private static final double HOUR = 3600;
  private static final double MEAN_HANDLING = 300;

  /** Spread of the logarithm of handling times: the longest of a hundred is five times the mean. */
  private static final double SPREAD = 0.8;

  /** Share of the peak's rate that comes at night. */
  private static final double NIGHT = 0.25;

  private static final Trace.Kind CALL = kind("phone", "phone", 30, 4);

  /** Kinds by their share of all that comes. */
  private static final Map<Trace.Kind, Double> MIX = new LinkedHashMap<>();

  static {
    MIX.put(CALL, 0.085);
    MIX.put(kind("webchat", "chat", 60, 2), 0.29);
    MIX.put(kind("wechat-official", "wechat", 300, 2), 0.305);
    MIX.put(kind("weibo", "social-urgent", HOUR, 4), 0.065);
    MIX.put(kind("email", "email", 4 * HOUR, 1), 0.2);
    MIX.put(kind("email", "low", 24 * HOUR, 1), 0.055);
  }

  private final Random random;
  private final List<Trace.Arrival> arrivals = new ArrayList<>();

  private BuiltInTraces(long seed) {
    this.random = new Random(seed);
  }

  /**
   * A built-in trace.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public static Trace named(String name) {
    return of(name, SEED, AGENTS, 1);
  }

  /**
   * A day like the built-in one of that name.
   *
   * @param agents that it is meant for: the more agents, the more comes
   * @param days how many such days follow each other
   */
  public static Trace of(String name, long seed, int agents, int days) {
    BuiltInTraces made = new BuiltInTraces(seed);
    double fits = agents / MEAN_HANDLING;
    for (int day = 0; day < days; day++) {
      double midnight = day * 24 * HOUR;
      switch (name) {
        case "normal" -> made.day(midnight, 0.9 * fits);
        case "busy" -> made.day(midnight, 1.25 * fits);
        case "overload" -> made.day(midnight, 1.6 * fits);
        case "double11" -> {
          made.day(midnight, 0.9 * fits);
          made.stretch(midnight + 20 * HOUR, 2 * HOUR, 1.6 * fits, null);
        }
        case "vip-flood" -> {
          made.day(midnight, 0.9 * fits);
          made.stretch(midnight + 14 * HOUR, 2 * HOUR, fits, CALL);
        }
        default ->
            throw new IllegalArgumentException(
                "no built-in trace '" + name + "', expected one of " + NAMES);
      }
    }
    return new Trace(name, made.arrivals);
  }

  /** A day whose highest rate is {@code peak} per second. */
  private void day(double midnight, double peak) {
    for (double at = pause(peak); at < 24 * HOUR; at += pause(peak)) {
      if (random.nextDouble() < rate(at / HOUR)) {
        arrive(midnight + at, drawn());
      }
    }
  }

  /** A constant rate for a while, of one kind or of all. */
  private void stretch(
      double from,
      double seconds,
      double rate,
      Trace.@org.jspecify.annotations.Nullable Kind only) {
    for (double at = pause(rate); at < seconds; at += pause(rate)) {
      arrive(from + at, only == null ? drawn() : only);
    }
  }

  private double pause(double rate) {
    return -StrictMath.log(1 - random.nextDouble()) / rate;
  }

  private static double rate(double hour) {
    double morning = bell((hour - 10.5) / 2);
    double evening = bell((hour - 20.5) / 1.5);
    return NIGHT + (1 - NIGHT) * Math.max(morning, evening);
  }

  private static double bell(double x) {
    return StrictMath.exp(-x * x);
  }

  private Trace.Kind drawn() {
    double drawn = random.nextDouble();
    for (Map.Entry<Trace.Kind, Double> entry : MIX.entrySet()) {
      drawn -= entry.getValue();
      if (drawn < 0) {
        return entry.getKey();
      }
    }
    return CALL;
  }

  private void arrive(double at, Trace.Kind kind) {
    double handling =
        MEAN_HANDLING * StrictMath.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2);
    arrivals.add(new Trace.Arrival(Math.round(1000 * at), Math.round(1000 * handling), kind));
  }

  private static Trace.Kind kind(String channel, String promise, double target, double weight) {
    return new Trace.Kind(channel, promise, Math.round(1000 * target), weight, Map.of());
  }
}
