// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import dev.frontdesk.gateway.store.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A sorted set as Redis orders it: by score, then by the member. */
final class SortedRows {

  private final Map<String, Scored> byMember = new HashMap<>();
  private final TreeSet<Scored> ordered =
      new TreeSet<>(Comparator.comparingDouble(Scored::score).thenComparing(Scored::member));

  void put(String member, double score) {
    remove(member);
    Scored row = new Scored(member, score);
    byMember.put(member, row);
    ordered.add(row);
  }

  void remove(String member) {
    Scored old = byMember.remove(member);
    if (old != null) {
      ordered.remove(old);
    }
  }

  @Nullable Double score(String member) {
    Scored row = byMember.get(member);
    return row == null ? null : row.score();
  }

  int size() {
    return byMember.size();
  }

  boolean isEmpty() {
    return byMember.isEmpty();
  }

  @Nullable Scored first() {
    return ordered.isEmpty() ? null : ordered.first();
  }

  List<Scored> all() {
    return new ArrayList<>(ordered);
  }

  /** The lowest ones with a score of at most {@code max}. */
  List<Scored> upTo(double max, int limit) {
    List<Scored> found = new ArrayList<>();
    for (Scored row : ordered) {
      if (row.score() > max || found.size() == limit) {
        break;
      }
      found.add(row);
    }
    return found;
  }

  List<Scored> downFrom(double max, long offset, int limit) {
    return ordered.descendingSet().stream()
        .filter(row -> row.score() <= max)
        .skip(offset)
        .limit(limit)
        .toList();
  }
}
