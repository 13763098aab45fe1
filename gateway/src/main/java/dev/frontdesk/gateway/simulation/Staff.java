// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who is there to answer. */
public record Staff(List<Member> members) {
  public Staff {
    members = List.copyOf(members);
  }

  /**
   * One agent and one shift.
   *
   * @param skills with levels
   * @param capacity sum of the costs held at once, at least 1
   * @param fromMillis begins to take conversations
   * @param toMillis takes none from then on, and finishes what it holds
   */
  public record Member(
      String id, Map<String, Integer> skills, int capacity, long fromMillis, long toMillis) {
    public Member {
      skills = Map.copyOf(skills);
    }
  }

  /** Agents who know everything that anybody asks and stay for ever, one conversation at a time. */
  public static Staff alike(int agents) {
    List<Member> members = new ArrayList<>(agents);
    for (int i = 1; i <= agents; i++) {
      members.add(new Member("agent" + i, Map.of(), 1, 0, Long.MAX_VALUE));
    }
    return new Staff(members);
  }

  /** So many agents: these in turn, again and again, each time with ids of their own. */
  public Staff of(int agents) {
    List<Member> cloned = new ArrayList<>(agents);
    for (int i = 0; i < agents; i++) {
      Member one = members.get(i % members.size());
      int copy = i / members.size();
      String id = copy == 0 ? one.id() : one.id() + "~" + copy;
      cloned.add(new Member(id, one.skills(), one.capacity(), one.fromMillis(), one.toMillis()));
    }
    return new Staff(cloned);
  }
}
