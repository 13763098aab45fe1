// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import dev.frontdesk.gateway.edge.JsonBody;
import dev.frontdesk.gateway.edge.JsonReader;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON text frames: one object each, its {@code type} says what it is. */
public final class Frames {

  /** Ids and cursors of the public contract. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

  /** How a frame's own id is found in one that could not be read as a whole. */
  private static final Pattern REFERENCE =
      Pattern.compile("\"id\"\\s*:\\s*\"([A-Za-z0-9._~-]{1,64})\"");

  /** Deepest nesting; what is defined nests four deep. */
  private static final int MAX_DEPTH = 16;

  private static final JsonReader READER = new JsonReader(MAX_DEPTH);

  private Frames() {}

  /**
   * Gives a frame to whoever handles its type. Fails MALFORMED when it is no frame, or none of
   * these; nothing is ever thrown.
   */
  public static <H> Future<Void> dispatch(
      String text, Map<String, H> kinds, BiFunction<H, JsonBody, Future<Void>> call) {
    try {
      JsonBody frame = READER.read(Buffer.buffer(text));
      H handler = kinds.get(frame.text("type", 32));
      return handler == null
          ? Future.failedFuture(malformed("type is none of " + new TreeSet<>(kinds.keySet())))
          : call.apply(handler, frame);
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }

  /** A required id: 1 to 64 of {@code A–Z a–z 0–9 . _ ~ -}. */
  public static String id(JsonBody frame, String field) {
    String id = frame.text(field, 64);
    if (!ID.matcher(id).matches()) {
      throw malformed(field + " is no id, expected 1 to 64 of A-Z a-z 0-9 . _ ~ -");
    }
    return id;
  }

  /** The answer to a frame that could not be done; names its id where it has one. */
  public static JsonObject error(String text, Problem problem) {
    var found = REFERENCE.matcher(text);
    return failed(found.find() ? found.group(1) : null, problem);
  }

  /** The answer to the frame with that id. */
  public static JsonObject failed(@Nullable String id, Problem problem) {
    return new JsonObject().put("type", "error").put("for", id).put("problem", problem.toJson());
  }

  /** A refusal of a frame. */
  public static GatewayException malformed(String message) {
    return new GatewayException(GatewayException.Kind.MALFORMED, "malformed", message);
  }
}
