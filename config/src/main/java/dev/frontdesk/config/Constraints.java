// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;

/** What the annotations of a component ask of a value of the right type. */
final class Constraints {

  private Constraints() {}

  static void check(
      JsonNode node, Object value, RecordComponent component, Path path, Problems problems) {
    Between between = component.getAnnotation(Between.class);
    if (between != null && value instanceof Number number && !within(number, between)) {
      problems.add(
          path, Scalars.found(node) + ", expected " + between.min() + " to " + between.max());
    }
    if (between == null && value instanceof Duration duration && duration.isZero()) {
      problems.add(path, Scalars.found(node) + ", expected a longer time");
    }
    if (value instanceof TargetTime target && target.time().isZero() && target.workingDays() == 0) {
      problems.add(path, Scalars.found(node) + ", expected a longer time");
    }
    OneOf oneOf = component.getAnnotation(OneOf.class);
    if (oneOf != null && value instanceof String word) {
      words(node, word, oneOf, path, problems);
    }
  }

  private static boolean within(Number number, Between between) {
    return number.longValue() >= between.min() && number.longValue() <= between.max();
  }

  private static void words(JsonNode node, String word, OneOf oneOf, Path path, Problems problems) {
    List<String> words = List.of(oneOf.value());
    if (words.contains(word)) {
      return;
    }
    boolean later = List.of(oneOf.later()).contains(word);
    problems.add(
        path,
        Scalars.found(node)
            + (later ? ", which is not in this version" : "")
            + ", expected one of "
            + String.join(", ", words)
            + (later ? "" : Suggestion.among(word, words)));
  }
}
