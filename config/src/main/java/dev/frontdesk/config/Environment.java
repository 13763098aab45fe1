// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References in scalars: <code>${NAME}</code> and <code>${NAME:default}</code>.
 *
 * <p>The references are taken out of the text before YAML sees it, because their braces would end a
 * flow mapping (<code>{ token: ${TOKEN} }</code>), and the values are put in after YAML is done, so
 * a value can never become structure. A variable that is set but empty counts as not set. A default
 * is taken as it stands up to the next closing brace. <code>$${x}</code> writes <code>${x}</code>.
 */
final class Environment {

  // Private use characters: YAML allows them in plain scalars, nobody writes them.
  private static final char OPEN = '\uE000';
  private static final char CLOSE = '\uE001';
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(\\$\\{[^}\\n]*\\})|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}\\n]*))?\\}");
  private static final Pattern MARK = Pattern.compile(OPEN + "(\\d{1,6})" + CLOSE);

  private final Map<String, String> variables;
  private final List<Reference> references = new ArrayList<>();

  /** One reference; without a name the fallback is the escaped text itself. */
  private record Reference(@Nullable String name, @Nullable String fallback) {
    String shown() {
      return name == null ? "$" + fallback : "${" + name + "}";
    }
  }

  Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The text with every reference replaced by a mark that YAML reads as ordinary characters. */
  String mark(String text) {
    String clean = text.replace(OPEN, '\uFFFD').replace(CLOSE, '\uFFFD');
    return REFERENCE
        .matcher(clean)
        .replaceAll(
            found -> {
              references.add(
                  found.group(1) != null
                      ? new Reference(null, found.group(1))
                      : new Reference(found.group(2), found.group(3)));
              return OPEN + String.valueOf(references.size() - 1) + CLOSE;
            });
  }

  /** A key as it was written: keys are never substituted. */
  String written(String key) {
    return MARK.matcher(key)
        .replaceAll(mark -> Matcher.quoteReplacement(reference(mark.group(1)).shown()));
  }

  /** The scalar with the values of its references; {@link YamlTree#REFUSED} with a problem. */
  JsonNode substitute(String scalar, Path path, Problems problems) {
    int before = problems.count();
    if (scalar.contains("${")) {
      problems.add(
          path, "found \"${\" that opens no reference, expected ${NAME} or ${NAME:default}");
    }
    StringBuilder sources = new StringBuilder();
    String value =
        MARK.matcher(scalar)
            .replaceAll(
                mark -> {
                  Reference reference = reference(mark.group(1));
                  sources.append(reference.name() == null ? "" : reference.shown());
                  return Matcher.quoteReplacement(value(reference, path, problems));
                });
    if (problems.count() > before) {
      return YamlTree.REFUSED;
    }
    return sources.isEmpty() ? TextNode.valueOf(value) : new Substituted(value, sources.toString());
  }

  private Reference reference(String index) {
    return references.get(Integer.parseInt(index));
  }

  private String value(Reference reference, Path path, Problems problems) {
    String value = reference.name() == null ? null : variables.get(reference.name());
    if (value != null && !value.isEmpty()) {
      return value;
    }
    if (reference.fallback() != null) {
      return reference.fallback();
    }
    problems.add(
        path,
        "the environment variable "
            + reference.name()
            + " is not set, expected it set or a default: ${"
            + reference.name()
            + ":default}");
    return "";
  }
}
