// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The document of the sockets, asked whether a frame is one of those it describes. */
public final class AsyncApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = read();

  private AsyncApi() {}

  public static JsonNode document() {
    return DOCUMENT;
  }

  /** Why a frame is none of an operation's messages; empty when it is. */
  public static List<String> problems(String operation, JsonObject frame) {
    List<String> problems = new ArrayList<>();
    for (JsonNode reference : DOCUMENT.at("/operations/" + operation + "/messages")) {
      JsonNode message = resolve(resolve(reference));
      if (message.at("/name").asText().equals(frame.getString("type"))) {
        Set<ValidationMessage> wrong = validate(message.get("payload"), frame);
        if (wrong.isEmpty()) {
          return List.of();
        }
        wrong.forEach(one -> problems.add(one.getMessage()));
      }
    }
    return problems.isEmpty() ? List.of("no message " + frame.getString("type")) : problems;
  }

  private static Set<ValidationMessage> validate(JsonNode payload, JsonObject frame) {
    ObjectNode schema = JSON.createObjectNode();
    schema.set("components", DOCUMENT.get("components"));
    schema.set("$ref", payload.get("$ref"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    try {
      return compiled.validate(JSON.readTree(frame.encode()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a reference points to. */
  public static JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static JsonNode read() {
    try (InputStream in = AsyncApi.class.getResourceAsStream("/asyncapi.yaml")) {
      return new ObjectMapper(new YAMLFactory()).readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
