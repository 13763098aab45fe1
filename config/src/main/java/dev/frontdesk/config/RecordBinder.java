// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills records from a tree, noting every problem instead of stopping at the first.
 *
 * <p>A component may be a String, Secret, Duration, ZoneId, Share, Size, TargetTime, WarnLevel,
 * DateRange, boolean, int, long, double (or their boxes), an enum (written in lower case with
 * hyphens), a JsonNode, a record, or a List or Map of those; keys of maps are names of {@code
 * [A-Za-z0-9_-]{1,64}}. It is optional with {@link Default} or {@code @Nullable}. An {@link
 * IllegalArgumentException} of a compact constructor becomes a problem at the record's path. Not
 * Jackson's own binding: that stops at the first problem and shows values in its messages. Not
 * thread-safe.
 */
final class RecordBinder {

  private final Problems problems;
  private int passedOver;
  private final List<Reference> references = new ArrayList<>();

  /** A name that must be a key of a section of its workspace. */
  record Reference(Path path, String section, String name) {}

  RecordBinder(Problems problems) {
    this.problems = problems;
  }

  /** Every name met so far that {@link RefersTo} something. */
  List<Reference> references() {
    return references;
  }

  /** The record, or null if there was any problem below it. */
  <T extends Record> @Nullable T bind(JsonNode node, Class<T> type, Path path) {
    int before = problems.count() + passedOver;
    RecordComponent[] components = type.getRecordComponents();
    if (!node.isObject()) {
      problems.add(path, Scalars.found(node) + ", expected a mapping with " + keys(components));
      return null;
    }
    refuseUnknown(node, type, components, path);
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = components[i].getName();
      values[i] = component(node.path(key), components[i], path.child(key));
    }
    return problems.count() + passedOver == before
        ? construct(type, components, values, path)
        : null;
  }

  private void refuseUnknown(
      JsonNode node, Class<?> type, RecordComponent[] components, Path path) {
    List<String> known = names(components);
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!known.contains(key)) {
        problems.add(path.child(key), refusal(key, type, known));
      }
    }
  }

  private static String refusal(String key, Class<?> type, List<String> known) {
    return Arrays.stream(type.getAnnotationsByType(Later.class))
        .filter(later -> later.key().equals(key))
        .map(later -> "not in this version; " + later.instead())
        .findFirst()
        .orElseGet(
            () ->
                "unknown key, expected one of "
                    + Suggestion.list(known)
                    + Suggestion.among(key, known));
  }

  private @Nullable Object component(JsonNode node, RecordComponent component, Path path) {
    if (!node.isMissingNode() && !node.isNull()) {
      return value(node, component.getGenericType(), component, path);
    }
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return value(defaultNode(fallback.value()), component.getGenericType(), component, path);
    }
    if (!component
        .getAnnotatedType()
        .isAnnotationPresent(org.jspecify.annotations.Nullable.class)) {
      problems.add(path, "missing, expected " + expected(component));
    }
    return null;
  }

  private JsonNode defaultNode(String text) {
    return new YamlTree(Map.of(), problems).read(text.isEmpty() ? "''" : text);
  }

  private @Nullable Object value(JsonNode node, Type type, RecordComponent component, Path path) {
    if (node.isPojo()) {
      passedOver++;
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Map.class
          ? map(node, generic.getActualTypeArguments()[1], component, path)
          : list(node, generic.getActualTypeArguments()[0], component, path);
    }
    Class<?> wanted = (Class<?>) type;
    if (wanted == JsonNode.class) {
      return node;
    }
    if (wanted == Secret.class) {
      return secret(node, path);
    }
    if (wanted == RedisUrl.class) {
      return redisUrl(node, path);
    }
    if (wanted.isRecord() && !Scalars.isScalar(wanted)) {
      return bind(node, wanted.asSubclass(Record.class), path);
    }
    return scalar(node, wanted, component, path);
  }

  private @Nullable Object scalar(
      JsonNode node, Class<?> type, RecordComponent component, Path path) {
    if (!node.isTextual()) {
      problems.add(path, Scalars.found(node) + ", expected " + Scalars.expected(type));
      return null;
    }
    try {
      Object value = Scalars.read(node.textValue(), type);
      if (value == null) {
        problems.add(path, Scalars.found(node) + ", expected " + Scalars.expected(type));
      } else {
        Constraints.check(node, value, component, path, problems);
        refer(value, component, path);
      }
      return value;
    } catch (IllegalArgumentException e) {
      boolean mayTell = !(node instanceof Substituted);
      problems.add(
          path,
          mayTell
              ? String.valueOf(e.getMessage())
              : Scalars.found(node) + ", expected " + Scalars.expected(type));
      return null;
    }
  }

  private void refer(Object value, RecordComponent component, Path path) {
    RefersTo refersTo = component.getAnnotation(RefersTo.class);
    if (refersTo != null) {
      references.add(new Reference(path, refersTo.value(), (String) value));
    }
  }

  private @Nullable Secret secret(JsonNode node, Path path) {
    List<JsonNode> parts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(parts::add);
    } else {
      parts.add(node);
    }
    if (parts.contains(YamlTree.REFUSED)) {
      passedOver++;
      return null;
    }
    boolean usable = parts.stream().allMatch(p -> p.isTextual() && !p.textValue().isEmpty());
    if (!usable || parts.isEmpty()) {
      problems.add(path, "empty or not text, expected " + Scalars.expected(Secret.class));
      return null;
    }
    return Secret.of(parts.stream().map(JsonNode::textValue).toList());
  }

  private @Nullable RedisUrl redisUrl(JsonNode node, Path path) {
    List<JsonNode> parts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(parts::add);
    } else {
      parts.add(node);
    }
    if (parts.contains(YamlTree.REFUSED)) {
      passedOver++;
      return null;
    }
    if (!parts.stream().allMatch(JsonNode::isTextual)) {
      problems.add(path, "not text, expected " + RedisUrl.EXPECTED);
      return null;
    }
    List<String> texts = parts.stream().map(JsonNode::textValue).toList();
    try {
      return node.isArray() ? RedisUrl.of(texts) : RedisUrl.of(texts.get(0));
    } catch (IllegalArgumentException e) {
      problems.add(path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Object list(JsonNode node, Type type, RecordComponent component, Path path) {
    boolean oneOrMore = component.isAnnotationPresent(OneOrMore.class);
    if (oneOrMore && node.isTextual()) {
      Object only = value(node, type, component, path);
      return only == null ? null : List.of(only);
    }
    if (!node.isArray() || (oneOrMore && node.isEmpty())) {
      problems.add(
          path,
          Scalars.found(node) + (oneOrMore ? ", expected at least one" : ", expected a list"));
      return null;
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonNode element : node) {
      values.add(value(element, type, component, path.element(values.size())));
    }
    return values.contains(null) ? null : List.copyOf(values);
  }

  private @Nullable Object map(JsonNode node, Type type, RecordComponent component, Path path) {
    if (!node.isObject()) {
      problems.add(path, Scalars.found(node) + ", expected a mapping from names");
      return null;
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Path at = path.child(entry.getKey());
      if (!Path.NAME.matcher(entry.getKey()).matches()) {
        problems.add(at, "not a name, expected 1 to 64 of A-Z a-z 0-9 _ -");
      }
      JsonNode value = entry.getValue().isNull() ? MissingNode.getInstance() : entry.getValue();
      values.put(entry.getKey(), value(value, type, component, at));
    }
    return values.containsValue(null) ? null : java.util.Collections.unmodifiableMap(values);
  }

  private <T extends Record> @Nullable T construct(
      Class<T> type, RecordComponent[] components, @Nullable Object[] values, Path path) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      String message = e.getCause() instanceof IllegalArgumentException i ? i.getMessage() : null;
      problems.add(path, message == null ? "refused by " + type.getSimpleName() : message);
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no canonical constructor of " + type, e);
    }
  }

  private static String expected(RecordComponent component) {
    Class<?> type = component.getType();
    return type == Map.class
        ? "a mapping from names"
        : type == List.class ? "a list" : Scalars.expected(type);
  }

  private static String keys(RecordComponent[] components) {
    return components.length == 0 ? "no keys" : Suggestion.list(names(components));
  }

  private static List<String> names(RecordComponent[] components) {
    return Arrays.stream(components).map(RecordComponent::getName).toList();
  }
}
