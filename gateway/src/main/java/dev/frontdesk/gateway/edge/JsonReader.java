// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the JSON of requests and frames within bounds: what is past one is refused where the bound
 * is met, so that no body holds an event loop for long. Thread-safe.
 */
public final class JsonReader {

  /** Names, values and brackets of one body; none that is asked for has a tenth of them. */
  static final int MAX_TOKENS = 10_000;

  private static final int MAX_NAME = 256;
  private static final int MAX_NUMBER = 64;

  private final JsonMapper mapper;
  private final String bounds;

  /** A reader that refuses what is nested deeper than {@code depth}. */
  public JsonReader(int depth) {
    bounds =
        depth
            + " levels, "
            + MAX_TOKENS
            + " names and values, names of "
            + MAX_NAME
            + " and numbers of "
            + MAX_NUMBER
            + " characters";
    mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(depth)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_NUMBER)
                            .maxNameLength(MAX_NAME)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /** The object in a body; an empty body is an empty object. */
  public JsonBody read(Buffer body) {
    if (body.length() == 0) {
      return new JsonBody(JsonNodeFactory.instance.objectNode(), "");
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      JsonNode tree = mapper.readTree(text);
      if (tree == null || !tree.isObject()) {
        throw JsonBody.malformed("the body is not a JSON object");
      }
      return new JsonBody(tree, "");
    } catch (CharacterCodingException e) {
      throw JsonBody.malformed("the body is not UTF-8");
    } catch (StreamConstraintsException e) {
      throw JsonBody.malformed("the body is past a bound, expected at most " + bounds);
    } catch (JsonProcessingException e) {
      throw JsonBody.malformed("the body is not valid JSON" + at(e));
    }
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }
}
