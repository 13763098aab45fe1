// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;

/** Where one standalone Redis listens: on TCP, or on a unix socket of this machine. */
public final class RedisAddress {

  private final RedisURI uri;
  private final boolean tcp;

  private RedisAddress(RedisURI uri, boolean tcp) {
    this.uri = uri;
    this.tcp = tcp;
  }

  /**
   * The address of {@code redis.url}.
   *
   * @throws IllegalArgumentException naming what is not served: only {@code redis://} is for now
   */
  public static RedisAddress of(String url) {
    if (!url.startsWith("redis://")) {
      int end = url.indexOf("://");
      String scheme = end > 0 ? url.substring(0, end + 3) : "without a scheme";
      throw new IllegalArgumentException(
          "redis.url: " + scheme + " is not served yet, expected redis://host:port");
    }
    try {
      return new RedisAddress(RedisURI.create(url), true);
    } catch (RuntimeException e) {
      // the cause is left out: its message repeats the url, which may carry a password
      throw new IllegalArgumentException("redis.url: not an address, expected redis://host:port");
    }
  }

  /** A unix socket. */
  public static RedisAddress of(Path socket) {
    return new RedisAddress(RedisURI.Builder.socket(socket.toString()).build(), false);
  }

  RedisURI uri() {
    return uri;
  }

  boolean tcp() {
    return tcp;
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return tcp ? "redis://" + uri.getHost() + ":" + uri.getPort() : "unix:" + uri.getSocket();
  }
}
