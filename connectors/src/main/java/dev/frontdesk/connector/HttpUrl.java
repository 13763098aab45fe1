// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.net.URI;
import java.net.URISyntaxException;

/** Checks and joins the addresses an operator configures for a channel. */
public final class HttpUrl {

  private HttpUrl() {}

  /**
   * Returns {@code value} if it is an absolute http or https address without user and fragment.
   *
   * @throws IllegalArgumentException naming the key, what is wrong and what was expected
   */
  public static String require(String key, String value) {
    URI uri = parse(key, value);
    boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          key + " is no plain address, expected http(s)://host[:port][/path]");
    }
    return value;
  }

  /** Joins an address and a path that begins with a slash. */
  public static String below(String address, String path) {
    return (address.endsWith("/") ? address.substring(0, address.length() - 1) : address) + path;
  }

  /** What follows scheme, host and port of a checked address, as it was written. */
  public static String pathAndQuery(String address) {
    int slash = address.indexOf('/', address.indexOf("//") + 2);
    int question = address.indexOf('?');
    if (slash < 0 || (question >= 0 && question < slash)) {
      return question < 0 ? "" : address.substring(question);
    }
    return address.substring(slash);
  }

  private static URI parse(String key, String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(key + " is no address, expected http(s)://host/path", e);
    }
  }
}
