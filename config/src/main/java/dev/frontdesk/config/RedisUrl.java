// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the store is, as {@code redis.url} says it: empty for the embedded server, one address, or
 * a list of addresses, which are seeds of a Redis Cluster however many they are.
 *
 * <p>What it shows of itself and in messages is never an address: that may carry a password.
 *
 * @param addresses none, one, or the seeds
 * @param cluster whether it was written as a list
 */
public record RedisUrl(List<String> addresses, boolean cluster) {

  /** What {@code redis.url} may be, for messages. */
  static final String EXPECTED =
      "redis://, rediss://, redis-socket://, redis-sentinel://, a list of cluster seeds, or empty";

  private static final String HOST = "[^\\s/@,#?]+";
  private static final String WHO = "([^\\s/@]*@)?";
  private static final Pattern ONE =
      Pattern.compile("(rediss?://" + WHO + HOST + "(/\\d{1,4})?|redis-socket://\\S+)");
  private static final Pattern SENTINEL =
      Pattern.compile(
          "redis-sentinel://" + WHO + HOST + "(," + HOST + ")*(/\\d{1,4})?#[A-Za-z0-9._-]+");
  private static final Pattern SEED = Pattern.compile("(rediss?://)(" + WHO + ")" + HOST + "/?");

  public RedisUrl {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads one address; empty: the embedded server.
   *
   * @throws IllegalArgumentException with what was expected
   */
  public static RedisUrl of(String url) {
    if (url.isEmpty()) {
      return new RedisUrl(List.of(), false);
    }
    if (url.startsWith("redis-sentinel://")) {
      if (!SENTINEL.matcher(url).matches()) {
        throw new IllegalArgumentException(
            "no address of sentinels, expected redis-sentinel://host:port,host:port#name-of-master");
      }
    } else if (url.matches("(?s)(rediss-sentinel|redis-cluster|rediss-cluster)://.*")) {
      throw new IllegalArgumentException(
          "this scheme is not in this version, expected " + EXPECTED);
    } else if (!ONE.matcher(url).matches()) {
      throw new IllegalArgumentException("no Redis address, expected " + EXPECTED);
    }
    return new RedisUrl(List.of(url), false);
  }

  /**
   * Reads the seeds of a cluster.
   *
   * @throws IllegalArgumentException naming the first that is none, by its place
   */
  public static RedisUrl of(List<String> seeds) {
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("an empty list, expected at least one cluster seed");
    }
    String scheme = "";
    for (int n = 0; n < seeds.size(); n++) {
      var seed = SEED.matcher(seeds.get(n));
      if (!seed.matches()) {
        throw new IllegalArgumentException(
            "seed "
                + (n + 1)
                + " is none, expected redis://host:port or rediss://host:port"
                + " without a database: a cluster has one");
      }
      String found = seed.group(1) + seed.group(2);
      if (n > 0 && !found.equals(scheme)) {
        throw new IllegalArgumentException(
            "seed "
                + (n + 1)
                + " has another scheme, user or password than the first, expected the"
                + " same: they lead to one cluster");
      }
      scheme = found;
    }
    return new RedisUrl(seeds, true);
  }

  /** Whether the gateway runs a server of its own. */
  public boolean isEmbedded() {
    return addresses.isEmpty();
  }

  /** Whether the connection is encrypted. */
  public boolean tls() {
    return !addresses.isEmpty() && addresses.get(0).startsWith("rediss");
  }

  @Override
  public String toString() {
    return addresses.isEmpty() ? "embedded" : cluster ? "cluster" : "own server";
  }
}
