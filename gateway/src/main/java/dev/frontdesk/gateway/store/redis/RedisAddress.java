// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.RedisUrl;
import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis listens: one server on TCP or on a unix socket of this machine, the server that
 * sentinels call master, or a cluster that seeds lead to.
 */
public final class RedisAddress {

  /** What stands there. */
  enum Kind {
    SERVER,
    SOCKET,
    SENTINEL,
    CLUSTER
  }

  private final Kind kind;
  private final List<RedisURI> uris;
  private final @Nullable Path caFile;

  private RedisAddress(Kind kind, List<RedisURI> uris, @Nullable Path caFile) {
    this.kind = kind;
    this.uris = List.copyOf(uris);
    this.caFile = caFile;
  }

  /**
   * One address, as {@code redis.url} may say it.
   *
   * @throws IllegalArgumentException with what was expected; never the address itself, which may
   *     carry a password
   */
  public static RedisAddress of(String url) {
    return of(checked(url), null);
  }

  private static RedisUrl checked(String url) {
    try {
      return RedisUrl.of(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("redis.url: " + e.getMessage(), e);
    }
  }

  /**
   * The address of {@code redis.url}.
   *
   * @param caFile PEM file of who signed the server's certificate; null: whom the JVM trusts
   * @throws IllegalArgumentException when it is none
   */
  public static RedisAddress of(RedisUrl url, @Nullable String caFile) {
    try {
      List<RedisURI> uris = url.addresses().stream().map(RedisURI::create).toList();
      RedisURI first = uris.get(0);
      Kind kind =
          url.cluster()
              ? Kind.CLUSTER
              : first.getSocket() != null
                  ? Kind.SOCKET
                  : first.getSentinelMasterId() != null ? Kind.SENTINEL : Kind.SERVER;
      return new RedisAddress(kind, uris, caFile == null ? null : Path.of(caFile));
    } catch (RuntimeException e) {
      // the cause is left out: its message repeats the url, which may carry a password
      throw new IllegalArgumentException("redis.url: not an address, expected redis://host:port");
    }
  }

  /** A unix socket. */
  public static RedisAddress of(Path socket) {
    return new RedisAddress(
        Kind.SOCKET, List.of(RedisURI.Builder.socket(socket.toString()).build()), null);
  }

  Kind kind() {
    return kind;
  }

  /** The address, or the first seed. */
  RedisURI uri() {
    return uris.get(0);
  }

  /** Every seed. */
  List<RedisURI> uris() {
    return uris;
  }

  boolean tcp() {
    return kind != Kind.SOCKET;
  }

  @Nullable Path caFile() {
    return caFile;
  }

  /** Whether another server may take over while this gateway runs. */
  boolean failsOver() {
    return kind == Kind.SENTINEL || kind == Kind.CLUSTER;
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return switch (kind) {
      case SOCKET -> "unix:" + uri().getSocket();
      case SERVER -> scheme() + hostAndPort(uri());
      case SENTINEL ->
          "redis-sentinel://"
              + hostsAndPorts(uri().getSentinels())
              + "#"
              + uri().getSentinelMasterId();
      case CLUSTER -> "cluster at " + scheme() + hostsAndPorts(uris);
    };
  }

  private String scheme() {
    return uri().isSsl() ? "rediss://" : "redis://";
  }

  private static String hostsAndPorts(List<RedisURI> uris) {
    return uris.stream().map(RedisAddress::hostAndPort).collect(Collectors.joining(","));
  }

  private static String hostAndPort(RedisURI uri) {
    return uri.getHost() + ":" + uri.getPort();
  }
}
