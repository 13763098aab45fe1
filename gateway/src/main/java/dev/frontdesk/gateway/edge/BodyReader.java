// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads the raw bytes of a request and stops at the bound: what is announced larger is not read at
 * all, what turns out larger is not read on. Compressed bodies are refused, so a small one cannot
 * become a large one. Vert.x-Web's BodyHandler goes on reading what it refused; hence this.
 */
final class BodyReader {

  /** Room before the first byte: what is announced costs its sender nothing, and us memory. */
  private static final long FIRST_BYTES = 4_096;

  private final int maxBytes;

  BodyReader(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The whole body; TOO_LARGE past the bound. Has to be called before the event loop turns. */
  Future<Buffer> read(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      return Future.failedFuture(
          new ProblemException(
              Problem.of(415, "content-encoding", "compressed bodies are not accepted")));
    }
    long announced = announced(request);
    if (announced > maxBytes) {
      return Future.failedFuture(tooLarge());
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    return receive(request, Buffer.buffer((int) Math.min(FIRST_BYTES, announced)));
  }

  private Future<Buffer> receive(HttpServerRequest request, Buffer body) {
    Promise<Buffer> read = Promise.promise();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > maxBytes) {
            request.handler(null);
            request.pause();
            read.tryFail(tooLarge());
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        lost ->
            read.tryFail(
                new ProblemException(Problem.of(400, "incomplete", "the request did not end"))));
    request.endHandler(ended -> read.tryComplete(body));
    return read.future();
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Math.max(0, Long.parseLong(length.strip()));
    } catch (NumberFormatException e) {
      throw JsonBody.malformed("Content-Length is not a number");
    }
  }

  private GatewayException tooLarge() {
    return new GatewayException(
        GatewayException.Kind.TOO_LARGE,
        "too-large",
        "the body has more than " + maxBytes + " bytes");
  }
}
