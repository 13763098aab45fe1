// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * One YAML document as a tree whose scalars are all texts, as written: {@code +15551234} stays a
 * telephone number and {@code 007} keeps its zeros. The binder reads them by the wanted type.
 *
 * <p>Refused: duplicate keys, aliases, a second document, nesting past 32, more than 1 MiB.
 */
final class YamlTree {

  static final int MAX_CHARS = 1 << 20;
  private static final int MAX_DEPTH = 32;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Stands where a problem is noted already; the binder passes it over in silence. */
  static final JsonNode REFUSED = NODES.pojoNode(null);

  private final Environment environment;
  private final Problems problems;

  YamlTree(Map<String, String> variables, Problems problems) {
    this.environment = new Environment(variables);
    this.problems = problems;
  }

  /** The tree; missing when it cannot be read (the problem is noted). */
  JsonNode read(String text) {
    if (text.length() > MAX_CHARS) {
      problems.add(Path.ROOT, "more than " + MAX_CHARS + " characters, expected a smaller file");
      return MissingNode.getInstance();
    }
    try (YAMLParser parser = factory().createParser(environment.mark(text))) {
      if (parser.nextToken() == null) {
        return NODES.objectNode();
      }
      JsonNode root = node(parser, Path.ROOT);
      if (parser.nextToken() != null) {
        problems.add(Path.ROOT, "a second document, expected one" + line(parser.currentLocation()));
      }
      return root;
    } catch (JsonProcessingException e) {
      problems.add(Path.ROOT, "not YAML" + reason(e));
      return MissingNode.getInstance();
    } catch (IOException e) {
      problems.add(Path.ROOT, "not YAML");
      return MissingNode.getInstance();
    }
  }

  private static YAMLFactory factory() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(2 * MAX_CHARS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    return YAMLFactory.builder()
        .loaderOptions(options)
        // on in new YAMLFactory(), off in its builder: "key:" has no value, "key: ''" is empty
        .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
        .build();
  }

  private JsonNode node(YAMLParser parser, Path path) throws IOException {
    JsonToken token = parser.currentToken();
    if (parser.isCurrentAlias()) {
      problems.add(path, "found a YAML alias, expected the value itself");
      return REFUSED;
    }
    if (token == JsonToken.START_OBJECT) {
      return object(parser, path);
    }
    if (token == JsonToken.START_ARRAY) {
      return array(parser, path);
    }
    if (token == JsonToken.VALUE_NULL) {
      return NullNode.getInstance();
    }
    if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
      problems.add(path, "found binary content, expected text");
      return REFUSED;
    }
    return environment.substitute(parser.getText(), path, problems);
  }

  private ObjectNode object(YAMLParser parser, Path path) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = environment.written(parser.currentName());
      JsonLocation where = parser.currentLocation();
      parser.nextToken();
      JsonNode value = node(parser, path.child(key));
      if (object.has(key)) {
        problems.add(path.child(key), "written twice, expected once" + line(where));
      } else {
        object.set(key, value);
      }
    }
    return object;
  }

  private ArrayNode array(YAMLParser parser, Path path) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(node(parser, path.element(array.size())));
    }
    return array;
  }

  private static String line(JsonLocation where) {
    return where == null || where.getLineNr() < 1 ? "" : " (line " + where.getLineNr() + ")";
  }

  /** The parser's own words, without the excerpt of the file it likes to add. */
  private static String reason(JsonProcessingException e) {
    if (!(e.getCause() instanceof MarkedYAMLException marked) || marked.getProblem() == null) {
      return line(e.getLocation());
    }
    String problem = marked.getProblem();
    boolean quotesTheFile = problem.contains("undefined") || problem.length() > 80;
    int line = marked.getProblemMark() == null ? 0 : marked.getProblemMark().getLine() + 1;
    return " (line " + line + ")" + (quotesTheFile ? "" : ": " + problem);
  }
}
