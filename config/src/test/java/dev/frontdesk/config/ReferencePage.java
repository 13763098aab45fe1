// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of {@code README.md}, one per record, made from the records. */
final class ReferencePage {

  private final List<String> lines = new ArrayList<>();

  static String tables() {
    ReferencePage page = new ReferencePage();
    page.section("", FrontdeskConfig.class);
    return String.join("\n", page.lines);
  }

  private void section(String path, Class<?> type) {
    lines.add("### " + (path.isEmpty() ? "Top level" : "`" + path + "`"));
    lines.add("");
    lines.add("| key | type | default | meaning |");
    lines.add("|---|---|---|---|");
    for (RecordComponent component : type.getRecordComponents()) {
      List<String> cells =
          List.of(
              "`" + component.getName() + "`",
              described(component),
              defaulted(component),
              meaning(component));
      lines.add("| " + String.join(" | ", cells) + " |");
    }
    lines.add("");
    for (RecordComponent component : type.getRecordComponents()) {
      below(path.isEmpty() ? component.getName() : path + "." + component.getName(), component);
    }
  }

  private void below(String path, RecordComponent component) {
    Type type = component.getGenericType();
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Type last = arguments[arguments.length - 1];
      if (last instanceof Class<?> element && nested(element)) {
        section(path + (arguments.length == 2 ? ".<name>" : "[]"), element);
      }
    } else if (nested((Class<?>) type)) {
      section(path, (Class<?>) type);
    }
  }

  private static boolean nested(Class<?> type) {
    return type.isRecord() && !Scalars.isScalar(type);
  }

  private static String described(RecordComponent component) {
    OneOf oneOf = component.getAnnotation(OneOf.class);
    if (oneOf != null) {
      return List.of(oneOf.value()).stream()
          .map(word -> "`" + word + "`")
          .collect(Collectors.joining(", "));
    }
    Between between = component.getAnnotation(Between.class);
    RefersTo refersTo = component.getAnnotation(RefersTo.class);
    return word(component.getGenericType())
        + (refersTo == null ? "" : " of `" + refersTo.value() + "`")
        + (between == null ? "" : range(between));
  }

  private static String range(Between between) {
    boolean open = between.max() == Integer.MAX_VALUE;
    if (open && between.min() == 0) {
      return ", may be 0";
    }
    return open ? ", at least " + between.min() : ", " + between.min() + " to " + between.max();
  }

  private static String word(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Type last = arguments[arguments.length - 1];
      String element = last == JsonNode.class ? "value" : word(last);
      return generic.getRawType() == Map.class ? "name → " + element : "list of " + element;
    }
    if (type == String.class) {
      return "text";
    }
    if (type == TargetTime.class) {
      return "duration or working days";
    }
    if (type == WarnLevel.class) {
      return "share or duration";
    }
    if (type == RedisUrl.class) {
      return "text or list of text";
    }
    if (type == DateRange.class) {
      return "date or range";
    }
    if (type == java.time.ZoneId.class) {
      return "time zone";
    }
    if (type == JsonNode.class || nested((Class<?>) type)) {
      return "mapping";
    }
    if (type == Duration.class || type == Share.class || type == Secret.class) {
      return ((Class<?>) type).getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
    if (type == double.class) {
      return "number";
    }
    return type == boolean.class || type == Boolean.class ? "true or false" : "whole number";
  }

  private static String defaulted(RecordComponent component) {
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return fallback.value().isEmpty() ? "empty" : "`" + fallback.value() + "`";
    }
    boolean optional =
        component.getAnnotatedType().isAnnotationPresent(org.jspecify.annotations.Nullable.class);
    return optional ? "none" : "**required**";
  }

  private static String meaning(RecordComponent component) {
    Doc doc = component.getAnnotation(Doc.class);
    return doc == null ? "" : doc.value().replace("|", "\\|");
  }
}
