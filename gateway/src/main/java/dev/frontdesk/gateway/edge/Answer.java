// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What the API answers when all went well, or again what it refused before.
 *
 * @param body JSON, empty for none
 * @param replayed the answer of an earlier request with the same idempotency key
 */
record Answer(int status, Buffer body, boolean replayed) {

  static final Answer NO_CONTENT = new Answer(204, Buffer.buffer(), false);

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
