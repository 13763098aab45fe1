// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Skills that are asked of an agent for a while each, one step after the other, counted from when
 * the conversation entered its queue; after the last step nothing more is asked. Immutable.
 */
public record Steps(List<Step> steps) {

  /** Nothing is asked at any time. */
  public static final Steps NONE = new Steps(List.of());

  /** A time that no step ends at. */
  public static final long NEVER_ENDS = Long.MAX_VALUE;

  public Steps {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param skills with least levels, besides those of triage
   * @param lasts in whole milliseconds, or null: until somebody has the conversation
   */
  public record Step(Map<String, Integer> skills, @Nullable Duration lasts) {
    public Step {
      skills = Map.copyOf(skills);
    }
  }

  /** Whether nothing is ever asked. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** How many there are. */
  public int size() {
    return steps.size();
  }

  /** The number of the step in force, from 0; {@link #size} when all are over. */
  public int at(long waitedMillis) {
    int step = 0;
    while (step < steps.size() && waitedMillis >= endMillis(step)) {
      step++;
    }
    return step;
  }

  /** When a step ends, in milliseconds after the beginning of the first. */
  public long endMillis(int step) {
    long end = 0;
    for (int i = 0; i <= step; i++) {
      Duration lasts = steps.get(i).lasts();
      if (lasts == null) {
        return NEVER_ENDS;
      }
      end += lasts.toMillis();
    }
    return end;
  }

  /** {@code refunds:4,=30000;=}: stable, skills in alphabetical order, empty for none. */
  public String id() {
    StringBuilder id = new StringBuilder();
    for (Step step : steps) {
      id.append(id.length() == 0 ? "" : ";");
      skills(id, step.skills());
      id.append('=');
      if (step.lasts() != null) {
        id.append(step.lasts().toMillis());
      }
    }
    return id.toString();
  }

  /** Reads {@link #id()}. */
  public static Steps parse(String id) {
    if (id.isEmpty()) {
      return NONE;
    }
    List<Step> steps = new ArrayList<>();
    for (String step : id.split(";", -1)) {
      int equals = step.lastIndexOf('=');
      String lasts = step.substring(equals + 1);
      steps.add(
          new Step(
              skills(step.substring(0, equals)),
              lasts.isEmpty() ? null : Duration.ofMillis(Long.parseLong(lasts))));
    }
    return new Steps(steps);
  }

  /** {@code refunds:2,vip:1,} in alphabetical order. */
  static void skills(StringBuilder to, Map<String, Integer> skills) {
    new TreeMap<>(skills).forEach((s, l) -> to.append(s).append(':').append(l).append(','));
  }

  /** Reads what {@link #skills(StringBuilder, Map)} wrote. */
  static Map<String, Integer> skills(String text) {
    Map<String, Integer> skills = new TreeMap<>();
    for (String skill : text.split(",", -1)) {
      if (!skill.isEmpty()) {
        int colon = skill.lastIndexOf(':');
        skills.put(skill.substring(0, colon), Integer.valueOf(skill.substring(colon + 1)));
      }
    }
    return skills;
  }
}
