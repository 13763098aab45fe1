// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the API answers when all went well, or again what it refused before.
 *
 * @param body JSON, empty for none
 * @param replayed the answer of an earlier request with the same idempotency key
 * @param stream writes the answer itself, now and later; null: the body is all there is
 */
record Answer(
    int status, Buffer body, boolean replayed, @Nullable Consumer<HttpServerRequest> stream) {

  Answer(int status, Buffer body, boolean replayed) {
    this(status, body, replayed, null);
  }

  static final Answer NO_CONTENT = new Answer(204, Buffer.buffer(), false);

  /** 200, and {@code stream} writes what there is, for as long as it likes. */
  static Answer streaming(Consumer<HttpServerRequest> stream) {
    return new Answer(200, Buffer.buffer(), false, stream);
  }

  static Answer ok(JsonObject body) {
    return new Answer(200, body.toBuffer(), false);
  }

  static Answer of(int status, JsonObject body) {
    return new Answer(status, body.toBuffer(), false);
  }

  /** A refusal that is told again as it was. */
  static Answer of(Problem problem) {
    return of(problem.status(), problem.toJson());
  }

  /** What the body is, empty for none. */
  String mediaType() {
    if (body.length() == 0) {
      return "";
    }
    return status < 400 ? "application/json" : Problem.MEDIA_TYPE;
  }

  /** The text an operation is remembered by: status, space, body. */
  String remembered() {
    return status + " " + body;
  }

  /** Reads {@link #remembered()}. */
  static Answer replay(String remembered) {
    int space = remembered.indexOf(' ');
    return new Answer(
        Integer.parseInt(remembered.substring(0, space)),
        Buffer.buffer(remembered.substring(space + 1)),
        true);
  }
}
