// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins two triages so that nothing the first one gave is lowered. */
final class Raising {
  private Raising() {}

  static Triage raise(Triage old, Triage fresh, Terms terms) {
    return new Triage(
        old.queue().equals(terms.defaultQueue()) ? fresh.queue() : old.queue(),
        isShorter(fresh.promise(), old.promise(), terms) ? fresh.promise() : old.promise(),
        Math.min(old.priority(), fresh.priority()),
        both(old.skills(), fresh.skills()),
        first(old.language(), fresh.language()),
        first(old.category(), fresh.category()),
        first(old.complaint(), fresh.complaint()),
        both(old.tags(), fresh.tags()),
        old.aim().or(fresh.aim()));
  }

  /** Every skill of both at the higher of its levels. */
  static Map<String, Integer> both(Map<String, Integer> one, Map<String, Integer> other) {
    if (other.isEmpty() || one.equals(other)) {
      return one;
    }
    Map<String, Integer> all = new HashMap<>(one);
    other.forEach((skill, level) -> all.merge(skill, level, Math::max));
    return all;
  }

  private static List<String> both(Collection<String> one, Collection<String> other) {
    if (one.isEmpty() && other.isEmpty()) {
      return List.of();
    }
    Set<String> all = new LinkedHashSet<>(one);
    all.addAll(other);
    return List.copyOf(all);
  }

  private static boolean isShorter(String name, String than, Terms terms) {
    return terms.promise(name).firstResponse().compareTo(terms.promise(than).firstResponse()) < 0;
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one != null ? one : other;
  }
}
