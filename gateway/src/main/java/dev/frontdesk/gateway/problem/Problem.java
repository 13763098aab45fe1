// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.problem;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * A failure as a client sees it: problem details of RFC 9457.
 *
 * @param code last part of the type: {@code not-owner} for {@code urn:frontdesk:problem:not-owner}
 * @param detail what was found and what was expected; never a secret or message text
 * @param members what a program needs to go on: the present owner, what is left of a send window
 * @param retryAfterSeconds when to try again, or 0 when repeating does not help
 */
public record Problem(
    int status, String code, String detail, Map<String, Object> members, int retryAfterSeconds) {

  /** The media type of {@link #toJson()}. */
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    members = Map.copyOf(members);
  }

  /** A problem without further members. */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, Map.of(), 0);
  }

  /** The same problem with one member more. */
  public Problem with(String member, Object value) {
    Map<String, Object> more = new java.util.HashMap<>(members);
    more.put(member, value);
    return new Problem(status, code, detail, more, retryAfterSeconds);
  }

  /** The body: type, title, status, detail, then the further members. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("type", "urn:frontdesk:problem:" + code)
            .put("title", code.replace('-', ' '))
            .put("status", status)
            .put("detail", detail);
    members.forEach(json::put);
    return json;
  }
}
