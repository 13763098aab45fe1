// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What the API answers when all went well.
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
