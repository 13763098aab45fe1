// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * What the head of a request must be before anybody looks at it. Vert.x parses address, query and
 * host only when they are asked for, and throws then; here they are refused once, in words that do
 * not repeat what was sent.
 */
final class RequestHead {

  private RequestHead() {}

  /** What is wrong with the head of a request; empty for one that every handler can read. */
  static Optional<String> fault(HttpServerRequest request) {
    if (!isPlain(request)) {
      return Optional.of("Transfer-Encoding is not chunked");
    }
    if (!hasHost(request)) {
      return Optional.of("the header Host is missing or no host, expected one Host: name");
    }
    return isEscaped(request.uri())
        ? Optional.empty()
        : Optional.of("the address has a % without two hexadecimal digits, expected %25 for %");
  }

  /**
   * Whether we read the same length as whatever stands before us: Netty takes an unknown transfer
   * encoding for no body at all (RFC 9112 §6.1).
   */
  private static boolean isPlain(HttpServerRequest request) {
    List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return encodings.isEmpty()
        || (encodings.size() == 1 && encodings.get(0).strip().equalsIgnoreCase("chunked"));
  }

  /** One host that can be read (RFC 9112 §3.2); HTTP/1.0 may do without. */
  private static boolean hasHost(HttpServerRequest request) {
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    return (request.version() == HttpVersion.HTTP_1_0 && hosts == 0)
        || (hosts == 1 && request.authority() != null);
  }

  private static boolean isEscaped(String address) {
    for (int at = address.indexOf('%'); at >= 0; at = address.indexOf('%', at + 1)) {
      if (at + 2 >= address.length()
          || Character.digit(address.charAt(at + 1), 16) < 0
          || Character.digit(address.charAt(at + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
